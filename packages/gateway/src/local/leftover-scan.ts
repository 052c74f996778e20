import { setTimeout as delay, setImmediate } from 'node:timers/promises';
import {
  hasGroup,
  isProcessOfJob,
  listProcesses,
  newestProcess,
  openForWriting,
  type ProcessEntry,
  readProcess,
} from './process-table.js';

/** The job whose processes are looked for. */
export interface ScannedJob {
  id: string;
  /** Also the number of its session. */
  group: number;
  /** While nobody watched, the group may have ended and its number been given to others. */
  mayBeForeign: boolean;
  /** Its real path. */
  log: string;
  /** When its keeper started, in the kernel's ticks: no process of it is older. */
  startedAtTicks: number;
}

/** What of a job still runs. */
export interface Leftovers {
  inGroup: boolean;
  /** Processes that left the group: they are in its session, or they can write to its log. */
  outside: number[];
}

interface Question {
  job: ScannedJob;
  scans: number;
  answer: (found: Leftovers) => void;
  fail: (error: unknown) => void;
}

/** One turn of the event loop reads no longer than this. */
const TURN_MS = 2;
/** Of the time, so much is left to others: a scan is followed by a pause of so many times its own length. */
const PAUSE_FACTOR = 4;
const SHORTEST_PAUSE_MS = 10;

/**
 * Looks through the processes of the machine for what jobs have left: once for all who ask at the same time, in small
 * pieces, and with pauses.
 */
export class LeftoverScan {
  #questions: Question[] = [];
  #isScanning = false;

  /** Nothing is found only where that is certain: no process was made while it was looked, or two scans found nothing. */
  find(job: ScannedJob): Promise<Leftovers> {
    return new Promise((answer, fail) => {
      this.#questions.push({ job, scans: 0, answer, fail });
      if (!this.#isScanning) void this.#run();
    });
  }

  async #run(): Promise<void> {
    this.#isScanning = true;
    while (this.#questions.length > 0) {
      const questions = this.#questions;
      this.#questions = [];
      let workMs = 0;
      try {
        workMs = await this.#scan(questions);
      } catch (error) {
        for (const { fail } of questions) fail(error);
      }
      await delay(Math.max(SHORTEST_PAUSE_MS, workMs * PAUSE_FACTOR));
    }
    this.#isScanning = false;
  }

  /** Answers, or asks again; returns how long it has worked. */
  async #scan(questions: readonly Question[]): Promise<number> {
    const newest = newestProcess();
    const search = new Search(questions.map(({ job }) => job));
    let workMs = 0;
    let since = performance.now();
    if (process.platform === 'linux') {
      for (const pid of listProcesses()) {
        search.look(pid);
        const turnMs = performance.now() - since;
        if (turnMs < TURN_MS) continue;
        workMs += turnMs;
        await setImmediate();
        since = performance.now();
      }
    }
    const isQuiet = newest === newestProcess();
    for (const question of questions) {
      const found = search.found(question.job);
      question.scans += 1;
      const isCertain = found.inGroup || found.outside.length > 0 || isQuiet || question.scans > 1;
      if (isCertain) question.answer(found);
      else this.#questions.push(question);
    }
    return workMs + performance.now() - since;
  }
}

/** One look at each process, for many jobs. */
class Search {
  readonly #byGroup: ReadonlyMap<number, ScannedJob>;
  readonly #byLog: ReadonlyMap<string, ScannedJob>;
  readonly #logs: ReadonlySet<string>;
  readonly #oldestTicks: number;
  readonly #found = new Map<ScannedJob, Leftovers>();

  constructor(jobs: readonly ScannedJob[]) {
    this.#byGroup = new Map(jobs.map((job) => [job.group, job]));
    this.#byLog = new Map(jobs.map((job) => [job.log, job]));
    this.#logs = new Set(this.#byLog.keys());
    this.#oldestTicks = Math.min(...jobs.map(({ startedAtTicks }) => startedAtTicks));
  }

  found(job: ScannedJob): Leftovers {
    // Where nothing can be looked at, a group that is there counts.
    const blind = process.platform !== 'linux' && hasGroup(job.group);
    return this.#found.get(job) ?? { inGroup: blind, outside: [] };
  }

  look(pid: number): void {
    const entry = readProcess(pid);
    if (entry === undefined || entry.state === 'Z' || entry.state === 'X') return;
    const member = this.#memberOf(entry);
    if (member !== undefined) {
      const found = this.#of(member);
      if (entry.group === member.group && !member.mayBeForeign) found.inGroup = true;
      else found.outside.push(pid);
    } else if (pid !== process.pid && Number(entry.startedAtTicks) >= this.#oldestTicks) {
      for (const path of openForWriting(pid, this.#logs))
        this.#of(this.#byLog.get(path) as ScannedJob).outside.push(pid);
    }
  }

  #memberOf(entry: ProcessEntry): ScannedJob | undefined {
    const job = this.#byGroup.get(entry.group) ?? this.#byGroup.get(entry.session);
    return job?.mayBeForeign && !isProcessOfJob(entry.pid, job.id) ? undefined : job;
  }

  #of(job: ScannedJob): Leftovers {
    const found = this.#found.get(job) ?? { inGroup: false, outside: [] };
    this.#found.set(job, found);
    return found;
  }
}
