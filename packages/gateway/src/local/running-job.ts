import { constants } from 'node:os';
import type { JobStatus } from '../contracts/job.js';
import type { ProcessIdentity } from './job-store.js';
import { isGroupAlive, isGroupOfJob, processStart, signalGroup } from './process-table.js';

/** How the shell of a job ended. `lost`: nobody was there to be told. */
export type ShellExit = { code: number | null; signal: NodeJS.Signals | null } | 'lost';

/** How a job ended. */
export interface JobOutcome {
  status: JobStatus;
  message: string;
  exitCode: number | null;
}

/** Between TERM and KILL of a job that is stopped. */
const STOP_GRACE_MS = 5_000;
/** What the shell has left running behind may end by itself for so long; Ray kills it within about that time too. */
const LEFTOVER_GRACE_MS = 1_000;
const GROUP_POLL_MS = 20;
const ADOPTED_POLL_MS = 250;

/** A job whose processes run: a shell, and whatever it started, in one process group. */
export class RunningJob {
  readonly id: string;
  readonly identity: ProcessIdentity;
  /** Resolves when no process of the group is left, so that nothing more can reach the log. */
  readonly finished: Promise<JobOutcome>;
  #stopRequested: boolean;
  #shellExited = false;
  #killAt = Number.POSITIVE_INFINITY;
  #killTimer: NodeJS.Timeout | undefined;

  constructor(id: string, identity: ProcessIdentity, shellExit: Promise<ShellExit>, stopRequested = false) {
    this.id = id;
    this.identity = identity;
    this.#stopRequested = stopRequested;
    this.finished = this.#finish(shellExit);
  }

  /** Its shell has exited or it is being stopped: it ends within seconds. */
  get isEnding(): boolean {
    return this.#shellExited || this.#killTimer !== undefined;
  }

  /** TERM to the whole group now, KILL after 5 s to what is left of it. */
  stop(): void {
    const first = this.#killTimer === undefined;
    this.#stopRequested = true;
    if (!first) return;
    signalGroup(this.identity.pid, 'SIGTERM');
    this.#killAt = performance.now() + STOP_GRACE_MS;
    this.#killTimer = setTimeout(() => signalGroup(this.identity.pid, 'SIGKILL'), STOP_GRACE_MS);
  }

  async #finish(shellExit: Promise<ShellExit>): Promise<JobOutcome> {
    const exit = await shellExit;
    this.#shellExited = true;
    const leftoverUntil = performance.now() + LEFTOVER_GRACE_MS;
    while (this.#hasProcesses(exit)) {
      const now = performance.now();
      const killAt = this.#killTimer === undefined ? leftoverUntil : this.#killAt;
      if (now >= killAt) signalGroup(this.identity.pid, 'SIGKILL');
      // Not even KILL ends a process that hangs in the kernel: the job is not kept open for it.
      if (now >= killAt + STOP_GRACE_MS) break;
      await new Promise((resolve) => setTimeout(resolve, GROUP_POLL_MS));
    }
    clearTimeout(this.#killTimer);
    return outcomeOf(exit, this.#stopRequested);
  }

  /** While nobody watched, the group may have ended and its number been given to another: that is left alone. */
  #hasProcesses(exit: ShellExit): boolean {
    const group = this.identity.pid;
    return isGroupAlive(group) && (exit !== 'lost' || isGroupOfJob(group, this.id));
  }
}

/**
 * Watches a shell that an earlier gateway started; it is not our child, so its exit code stays unknown. Once `signal`
 * is aborted it tells nothing any more.
 */
export function watchAdoptedShell(identity: ProcessIdentity, signal: AbortSignal): Promise<ShellExit> {
  return new Promise((resolve) => {
    const look = (): void => {
      if (isSameProcess(identity)) return;
      clearInterval(timer);
      resolve('lost');
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

function outcomeOf(exit: ShellExit, stopRequested: boolean): JobOutcome {
  const { code, signal } = exit === 'lost' ? { code: null, signal: null } : exit;
  // As Python, and so Ray, writes it: a signal is a negative exit code.
  const exitCode = signal === null ? code : -constants.signals[signal];
  if (stopRequested) return { status: 'STOPPED', message: 'The job was stopped', exitCode };
  if (exit === 'lost') {
    const message =
      'The job ended, but its exit code is lost: the gateway that started it ended before the job did. ' +
      'Its log is complete.';
    return { status: 'FAILED', message, exitCode: null };
  }
  if (code === 0) return { status: 'SUCCEEDED', message: 'The job succeeded', exitCode };
  const how = signal === null ? `exit code ${code}` : `signal ${signal}`;
  return { status: 'FAILED', message: `The entrypoint ended with ${how}`, exitCode };
}
