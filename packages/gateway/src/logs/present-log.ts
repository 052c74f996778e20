import type { JobLog } from '../contracts/job-log.js';
import { readPiece } from './read-range.js';

/**
 * The bytes of a log from a place up to its present end, as they come. The last piece comes only when that end is proven, so that a
 * log which cannot be read is never all there.
 *
 * @param start where to begin
 * @param end where the present end is, if it is known already
 * @throws whatever keeps the log from being read, after the pieces that could be
 */
export async function* readPresentLog(
  log: JobLog,
  start: number,
  end?: number,
): AsyncGenerator<Uint8Array, void, void> {
  const progress = new Progress(log, end);
  try {
    let held: Uint8Array | undefined;
    for (let position = start; position < (progress.end ?? Number.POSITIVE_INFINITY); ) {
      const known = progress.end ?? log.size;
      if (position === known) {
        await progress.next();
        continue;
      }
      const piece = await readPiece(log, position, known);
      if (held !== undefined) yield held;
      held = piece;
      position += piece.length;
    }
    // A log that has failed says so at its end.
    await log.read(progress.end as number, 1);
    if (held !== undefined) yield held;
  } finally {
    progress.stop();
  }
}

/** How far a log has come that is on its way. */
class Progress {
  /** Where the log ended when that was known. */
  end: number | undefined;
  readonly #unwatch: () => void;
  #failure: { error: unknown } | undefined;
  #changed = Promise.withResolvers<void>();

  constructor(log: JobLog, end: number | undefined) {
    this.end = end;
    this.#unwatch = log.watch(() => this.#wake());
    log.ready?.then(
      () => {
        this.end ??= log.size;
        this.#wake();
      },
      (error) => {
        this.#failure = { error };
        this.#wake();
      },
    );
  }

  /** Waits for a change. @throws why there will be none */
  async next(): Promise<void> {
    if (this.#failure === undefined) await this.#changed.promise;
    if (this.#failure !== undefined) throw this.#failure.error;
    this.#changed = Promise.withResolvers();
  }

  stop(): void {
    this.#unwatch();
  }

  #wake(): void {
    this.#changed.resolve();
  }
}
