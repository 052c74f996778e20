import type { JobLog } from '../job-log.js';
import { LineAssembler } from './line-assembler.js';
import type { LogBatch } from './log-batch.js';

/** Batches kept for readers a little behind; a reader further behind reads the log for itself. */
const RECENT_BYTES = 256 * 1024;
/** The state of an unfinished line is told at most ten times a second. */
const PARTIAL_INTERVAL_MS = 100;

/** What a reader waits for with the others that stand at the same byte. */
interface Assembly {
  readonly result: Promise<LogBatch | undefined>;
  readonly partialListeners: Set<(text: string) => void>;
  partial: string | undefined;
  waiting: number;
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
   * Waits for the whole lines that follow `position`; `undefined` when the log has ended there, or `signal` was
   * aborted. Meanwhile `onPartial` hears the state of the unfinished line.
   */
  async next(
    position: number,
    signal: AbortSignal,
    onPartial?: (text: string) => void,
  ): Promise<LogBatch | undefined> {
    if (signal.aborted) return undefined;
    const recent = this.#recent.get(position);
    if (recent !== undefined) return recent;
    let assembly = this.#assemblies.get(position);
    if (assembly === undefined) {
      assembly = this.#assemble(position);
      this.#assemblies.set(position, assembly);
    }
    assembly.waiting += 1;
    if (onPartial !== undefined) {
      assembly.partialListeners.add(onPartial);
      if (assembly.partial !== undefined) onPartial(assembly.partial);
    }
    let onAbort: (() => void) | undefined;
    const aborted = new Promise<undefined>((resolve) => {
      onAbort = () => resolve(undefined);
      signal.addEventListener('abort', onAbort, { once: true });
    });
    try {
      return await Promise.race([assembly.result, aborted]);
    } finally {
      if (onAbort !== undefined) signal.removeEventListener('abort', onAbort);
      if (onPartial !== undefined) assembly.partialListeners.delete(onPartial);
      assembly.waiting -= 1;
      if (assembly.waiting === 0 && this.#assemblies.get(position) === assembly) {
        assembly.abandoned = true;
        this.#assemblies.delete(position);
        this.#wake();
      }
    }
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

  #assemble(position: number): Assembly {
    const run = async (): Promise<LogBatch | undefined> => {
      const assembler = new LineAssembler(this.log, position);
      let partialAt = 0;
      let timer: NodeJS.Timeout | undefined;
      const tellPartial = (): void => {
        timer = undefined;
        partialAt = performance.now();
        const text = assembler.partial();
        if (text === undefined || text === assembly.partial) return;
        assembly.partial = text;
        for (const listener of assembly.partialListeners) listener(text);
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
          if (
            (ended && assembler.position >= (this.log.end?.size ?? 0)) ||
            assembly.abandoned ||
            this.#closed
          ) {
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
        if (this.#assemblies.get(position) === assembly) this.#assemblies.delete(position);
      }
    };
    const result = Promise.withResolvers<LogBatch | undefined>();
    const assembly: Assembly = {
      result: result.promise,
      partialListeners: new Set(),
      partial: undefined,
      waiting: 0,
      abandoned: false,
    };
    // Those who wait handle the rejection; when all of them have left, it concerns nobody.
    result.promise.catch(() => undefined);
    result.resolve(run());
    return assembly;
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
