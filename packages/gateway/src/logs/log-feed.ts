import { setImmediate } from 'node:timers/promises';
import type { JobLog } from '../contracts/job-log.js';
import { LineAssembler } from './line-assembler.js';
import type { LogBatch } from './log-batch.js';

/** Batches kept for readers a little behind; a reader further behind reads the log for itself. */
const RECENT_BYTES = 256 * 1024;
/** A reader on its way through what is there already finds the next batch read: from here on, and for so many. */
const READ_AHEAD_BYTES = 64 * 1024;
const READ_AHEAD_AT_ONCE = 4;
/** The state of an unfinished line is told at most ten times a second. */
const PARTIAL_INTERVAL_MS = 100;
/** So many readers are given their lines in one turn of the event loop. */
const TOLD_AT_ONCE = 64;

/** A reader that waits in a feed. */
export interface FeedWaiter {
  /** The wait is over; `undefined` when the log has ended there. */
  take(batch: LogBatch | undefined): void;
  /** The wait is over: the log cannot be read. */
  fail(error: unknown): void;
  /** Hears the state of the unfinished line. */
  onPartial(text: string): void;
}

/** Those who wait for the lines after the same byte. */
interface Assembly {
  readonly waiters: Set<FeedWaiter>;
  partial: string | undefined;
  abandoned: boolean;
}

/**
 * One log for all who tail it. Readers pull: each asks for what follows its own position, and those who ask for the
 * same position share one read, one batch and its encoded bytes. Whoever falls behind asks later and is served from
 * the log, so a slow reader costs no queue.
 */
export class LogFeed {
  readonly log: JobLog;
  readonly #assemblies = new Map<number, Assembly>();
  readonly #recent = new Map<number, LogBatch>();
  readonly #unwatch: () => void;
  #recentBytes = 0;
  #changed = Promise.withResolvers<void>();
  #closed = false;

  constructor(log: JobLog) {
    this.log = log;
    this.#unwatch = log.watch(() => this.#wake());
  }

  /**
   * The whole lines that follow `position`, if they were read before. If not, `waiter` gets them when they are there,
   * or is told that there are none to come.
   */
  next(position: number, waiter: FeedWaiter): LogBatch | undefined {
    const recent = this.#recent.get(position);
    if (recent !== undefined) {
      this.#readAhead(recent.end);
      return recent;
    }
    let assembly = this.#assemblies.get(position);
    if (assembly === undefined) {
      assembly = this.#start(position);
    }
    assembly.abandoned = false;
    assembly.waiters.add(waiter);
    if (assembly.partial !== undefined) waiter.onPartial(assembly.partial);
    return undefined;
  }

  /** Ends a wait: nothing will be taken. */
  leave(position: number, waiter: FeedWaiter): void {
    const assembly = this.#assemblies.get(position);
    if (assembly?.waiters.delete(waiter) !== true || assembly.waiters.size > 0) return;
    assembly.abandoned = true;
    this.#assemblies.delete(position);
    this.#wake();
  }

  /** The whole lines that follow `position` and are there now; never waits for more. */
  available(position: number): Promise<LogBatch | undefined> {
    const recent = this.#recent.get(position);
    return recent === undefined ? new LineAssembler(this.log, position).pull() : Promise.resolve(recent);
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#unwatch();
    this.#wake();
    await this.log.close();
  }

  /** Only where it need not wait: nobody may come for it. */
  #readAhead(position: number): void {
    const isThere = this.log.size - position >= READ_AHEAD_BYTES;
    if (!isThere || this.#assemblies.size >= READ_AHEAD_AT_ONCE || this.#closed) return;
    if (this.#recent.has(position) || this.#assemblies.has(position)) return;
    this.#start(position);
  }

  /** Ends when it would have to wait, unless somebody waits with it. */
  #start(position: number): Assembly {
    const assembly: Assembly = { waiters: new Set(), partial: undefined, abandoned: true };
    this.#assemblies.set(position, assembly);
    void this.#run(position, assembly);
    return assembly;
  }

  /** Never rejects: those who wait are told, and when all of them have left, it concerns nobody. */
  async #run(position: number, assembly: Assembly): Promise<void> {
    let tell: (waiter: FeedWaiter) => void;
    try {
      const batch = await this.#assemble(position, assembly);
      tell = (waiter) => waiter.take(batch);
    } catch (error) {
      tell = (waiter) => waiter.fail(error);
    }
    this.#forget(position, assembly);
    if (assembly.waiters.size > 0) {
      const end = this.#recent.get(position)?.end;
      if (end !== undefined) this.#readAhead(end);
    }
    let told = 0;
    for (const waiter of assembly.waiters) {
      // What a write leaves to be done later is not piled up for all of them.
      if (told > 0 && told % TOLD_AT_ONCE === 0) await setImmediate();
      tell(waiter);
      told += 1;
    }
  }

  #forget(position: number, assembly: Assembly): void {
    if (this.#assemblies.get(position) === assembly) this.#assemblies.delete(position);
  }

  async #assemble(position: number, assembly: Assembly): Promise<LogBatch | undefined> {
    const assembler = new LineAssembler(this.log, position);
    let partialAt = 0;
    let timer: NodeJS.Timeout | undefined;
    const tellPartial = (): void => {
      timer = undefined;
      partialAt = performance.now();
      const text = assembler.partial();
      if (text === undefined || text === assembly.partial) return;
      assembly.partial = text;
      for (const waiter of assembly.waiters) waiter.onPartial(text);
    };
    try {
      for (;;) {
        // Taken before the read: what changes during it must wake us too.
        const changed = this.#changed.promise;
        const ended = this.log.end !== undefined;
        const batch = await assembler.pull();
        if (batch !== undefined) {
          this.#remember(batch);
          return batch;
        }
        const isAtEnd = ended && assembler.position >= (this.log.end?.size ?? 0);
        if (isAtEnd || assembly.abandoned || this.#closed) {
          // At once: who comes a moment later must not be told that nothing follows.
          this.#forget(position, assembly);
          return undefined;
        }
        if (timer === undefined) {
          const waitMs = partialAt + PARTIAL_INTERVAL_MS - performance.now();
          if (waitMs <= 0) tellPartial();
          else timer = setTimeout(tellPartial, waitMs);
        }
        await changed;
      }
    } finally {
      clearTimeout(timer);
    }
  }

  #remember(batch: LogBatch): void {
    if (batch.byteLength > RECENT_BYTES) return;
    this.#recent.set(batch.start, batch);
    this.#recentBytes += batch.byteLength;
    for (const [start, old] of this.#recent) {
      if (this.#recentBytes <= RECENT_BYTES) break;
      this.#recent.delete(start);
      this.#recentBytes -= old.byteLength;
    }
  }

  #wake(): void {
    const changed = this.#changed;
    this.#changed = Promise.withResolvers<void>();
    changed.resolve();
  }
}
