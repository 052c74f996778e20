import { constants } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import type { JobStatus } from '../contracts/job.js';
import { readExitRecord } from './exit-record.js';
import type { ProcessIdentity } from './job-store.js';
import type { LeftoverScan, Leftovers, ScannedJob } from './leftover-scan.js';
import { processStart, signalProcess } from './process-table.js';
import type { ShellExit } from './shell-exit.js';

/** What is known of a job whose keeper has ended; that it was started, or was not, where nobody knows more. */
export type KeeperEnd = ReturnType<typeof readExitRecord>;

/** How a job ended. */
export interface JobOutcome {
  status: JobStatus;
  message: string;
  exitCode: number | null;
  /** Milliseconds since 1970. */
  endTime: number;
}

/** Between TERM and KILL of a job that is stopped. */
const STOP_GRACE_MS = 5_000;
/** What the shell has left running behind may end by itself for so long; Ray kills it within about that time too. */
const LEFTOVER_GRACE_MS = 1_000;
/** How often what is left is looked for: at first, and doubling, at last. */
const FIRST_LOOK_MS = 20;
const LAST_LOOK_MS = 250;
const ADOPTED_POLL_MS = 250;

const UNKNOWN_ENDS = {
  started:
    'The job ended, but its exit code is lost: the shell that was to write it down was killed, or the machine ' +
    'went down. What it had printed is in its log.',
  unstarted: 'The gateway ended while it started the job: there is no sign that the entrypoint ran.',
};

/** A job whose processes run: its keeper, the shell of the entrypoint, and whatever that started. */
export class RunningJob {
  readonly id: string;
  readonly identity: ProcessIdentity;
  /** Resolves when no process is left that could write to the log. */
  readonly finished: Promise<JobOutcome>;
  readonly #scan: LeftoverScan;
  readonly #scanned: ScannedJob;
  #stopRequested: boolean;
  #shellExited = false;
  #killAt = Number.POSITIVE_INFINITY;
  #killTimer: NodeJS.Timeout | undefined;

  constructor(options: {
    id: string;
    identity: ProcessIdentity;
    /** The real path. */
    log: string;
    shellExit: Promise<KeeperEnd>;
    scan: LeftoverScan;
    stopRequested?: boolean;
    /** Nobody was there when its keeper ended. */
    wasUnwatched?: boolean;
  }) {
    const { id, identity, stopRequested = false, wasUnwatched = false } = options;
    this.id = id;
    this.identity = identity;
    this.#stopRequested = stopRequested;
    this.#scan = options.scan;
    this.#scanned = {
      id,
      group: identity.pid,
      mayBeForeign: wasUnwatched,
      log: options.log,
      startedAtTicks: Number(identity.startedAt?.split('/').at(-1) ?? 0),
    };
    this.finished = this.#finish(options.shellExit);
  }

  /** Its shell has exited or it is being stopped: it ends within seconds. */
  get isEnding(): boolean {
    return this.#shellExited || this.#killTimer !== undefined;
  }

  /** TERM to all of its processes now, KILL after 5 s to what is left of them. */
  stop(): void {
    const first = this.#killTimer === undefined;
    this.#stopRequested = true;
    if (!first) return;
    this.#signalGroup('SIGTERM');
    this.#killAt = performance.now() + STOP_GRACE_MS;
    this.#killTimer = setTimeout(() => this.#signalGroup('SIGKILL'), STOP_GRACE_MS);
    void this.#signalOutside('SIGTERM');
  }

  async #finish(shellExit: Promise<KeeperEnd>): Promise<JobOutcome> {
    const exit = await shellExit;
    this.#shellExited = true;
    const leftoverUntil = performance.now() + LEFTOVER_GRACE_MS;
    for (let lookMs = FIRST_LOOK_MS; ; lookMs = Math.min(lookMs * 2, LAST_LOOK_MS)) {
      const left = await this.#leftovers();
      if (left?.inGroup === false && left.outside.length === 0) break;
      const now = performance.now();
      const killAt = this.#killTimer === undefined ? leftoverUntil : this.#killAt;
      if (now >= killAt) {
        if (left?.inGroup === true) this.#signalGroup('SIGKILL');
        for (const pid of left?.outside ?? []) signalProcess(pid, 'SIGKILL');
      }
      // Not even KILL ends a process that hangs in the kernel: the job is not kept open for it.
      if (now >= killAt + STOP_GRACE_MS) break;
      await delay(now < killAt ? Math.min(lookMs, killAt - now) : lookMs);
    }
    clearTimeout(this.#killTimer);
    return outcomeOf(exit, this.#stopRequested);
  }

  /** `undefined` when nothing can be seen now, for example because too many files are open: it is looked again. */
  #leftovers(): Promise<Leftovers | undefined> {
    return this.#scan.find(this.#scanned).catch(() => undefined);
  }

  #signalGroup(signal: NodeJS.Signals): void {
    if (!this.#scanned.mayBeForeign) signalProcess(-this.identity.pid, signal);
  }

  async #signalOutside(signal: NodeJS.Signals): Promise<void> {
    const left = await this.#leftovers();
    for (const pid of left?.outside ?? []) signalProcess(pid, signal);
  }
}

/**
 * Watches the keeper of a job that an earlier gateway started; it is not our child, so how it ended stands in its record
 * alone. Once `signal` is aborted it tells nothing any more.
 */
export function watchAdoptedShell(
  identity: ProcessIdentity,
  exitRecord: string,
  signal: AbortSignal,
): Promise<KeeperEnd> {
  return new Promise((resolve) => {
    const look = (): void => {
      const exit = endOf(identity, exitRecord);
      if (exit === undefined) return;
      clearInterval(timer);
      resolve(exit);
    };
    const timer = setInterval(look, ADOPTED_POLL_MS);
    signal.addEventListener('abort', () => clearInterval(timer), { once: true });
    look();
  });
}

/** Whether the process still runs, and is not a later one that was given its number. */
export function isSameProcess(identity: ProcessIdentity): boolean {
  return identity.startedAt !== null && processStart(identity.pid) === identity.startedAt;
}

/** `undefined` while it runs, and when that cannot be seen now: too many files are open. */
function endOf(identity: ProcessIdentity, exitRecord: string): KeeperEnd | undefined {
  try {
    if (isSameProcess(identity)) return undefined;
    // It had a number, so it was started; the record may be older after a machine went down.
    const end = readExitRecord(exitRecord);
    return end === 'unstarted' ? 'started' : end;
  } catch {
    return undefined;
  }
}

/** How a job with such an end is shown. */
export function outcomeOf(exit: KeeperEnd, stopRequested: boolean): JobOutcome {
  const isKnown = typeof exit === 'object';
  const { code, signal, endedAt = Date.now() }: ShellExit = isKnown ? exit : { code: null, signal: null };
  // As Python, and so Ray, writes it: a signal is a negative exit code.
  const ended = { exitCode: signal === null ? code : -constants.signals[signal], endTime: endedAt };
  if (stopRequested) return { status: 'STOPPED', message: 'The job was stopped', ...ended };
  if (!isKnown) return { status: 'FAILED', message: UNKNOWN_ENDS[exit], ...ended };
  if (code === 0) return { status: 'SUCCEEDED', message: 'The job succeeded', ...ended };
  const how = signal === null ? `exit code ${code}` : `signal ${signal}`;
  return { status: 'FAILED', message: `The entrypoint ended with ${how}`, ...ended };
}
