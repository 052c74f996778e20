import {
  type LogAnchor,
  type LogConnection,
  type LogConnectionClosed,
  type LogFrame,
  NotFoundError,
  StreamGapError,
} from '@raywire/core';
import { delay, within } from '@raywire/core/internal';
import type { LogEnd, LogSourceRequest, OpenLogSource } from '@raywire/ray';
import { presentEnd, UnframedEnd } from '@raywire/ray/internal';
import { stalled } from './file-frames.js';
import type { PollPace } from './poll-pace.js';

/** What a file had to give, from the place up to which it was read, when it was requested. */
export interface FilePiece {
  frames: AsyncIterable<LogFrame> & Pick<LogConnection, 'takeBuffered'>;
  /** Where in the log the file ended at that moment, where the server said it; all up to there is in `frames`. */
  size: number | undefined;
  /** Nothing says how long the body is, so that a connection that was cut looks like its end. */
  unframed?: boolean;
  /** Where the file is not written to any more: all of it was read, so the next piece is of the next younger file. */
  leave?(): void;
  close(): void;
}

/** How a log's files are read. */
export interface FileReader {
  /**
   * The next piece of the log.
   *
   * @throws {StreamGapError} when what was read is no longer there
   * @throws {NotFoundError} when there is no file
   */
  open(): Promise<FilePiece>;
  /** How a later reader finds a place of the log that was read lately: `before` are the bytes before it. */
  anchorAt(offset: number, before?: Uint8Array): () => LogAnchor;
}

/** A file that is not there yet: its writer has only just started. */
const APPEARS_WITHIN_MS = 10_000;
const LONGEST_NAP_MS = 1_000;

/**
 * Opens a file that is read again and again at its end, as one source that ends by itself.
 *
 * @throws {ClientError} as the first read
 */
export async function followFile(
  request: LogSourceRequest,
  reader: FileReader,
  offset: number,
  pace: PollPace,
): Promise<OpenLogSource> {
  const connection = new FollowedFile(request, reader, offset, pace);
  await connection.begin();
  return {
    connection,
    startsAt: offset,
    // It requests often enough by itself to know that the other side lives.
    silence: 'transport',
    anchorAt: (offset, before) => reader.anchorAt(offset, before),
    end: () => connection.end,
  };
}

/**
 * Ends when its writer had ended before a read that came to the file's end. Nothing but short requests; the server holds
 * nothing for it.
 */
class FollowedFile implements LogConnection {
  readonly status = 200;
  readonly headers: Record<string, string> = {};
  readonly closed: Promise<LogConnectionClosed>;
  /** What the end of the iteration meant. */
  end: LogEnd | undefined;
  readonly #request: LogSourceRequest;
  readonly #reader: FileReader;
  readonly #pace: PollPace;
  readonly #abort = new AbortController();
  readonly #signal: AbortSignal;
  readonly #startedAt = performance.now();
  readonly #unframedEnd = new UnframedEnd();
  #resolveClosed!: (closed: LogConnectionClosed) => void;
  #position: number;
  #piece: FilePiece | undefined;
  #failure: unknown;
  #isAsking = false;
  #askedAt = 0;
  #wake: AbortController | undefined;

  constructor(request: LogSourceRequest, reader: FileReader, offset: number, pace: PollPace) {
    this.#request = request;
    this.#reader = reader;
    this.#position = offset;
    this.#pace = pace;
    this.#signal = AbortSignal.any([request.signal, this.#abort.signal]);
    this.closed = new Promise((resolve) => {
      this.#resolveClosed = resolve;
    });
  }

  /** The first read, so that what refuses it refuses the source. */
  async begin(): Promise<void> {
    this.#piece = await this.#open();
  }

  takeBuffered(): LogFrame[] {
    const frames = this.#piece?.frames.takeBuffered?.() ?? [];
    for (const frame of frames) this.#position += frame.length;
    return frames;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<LogFrame, void, void> {
    try {
      yield* this.#read();
      this.#resolveClosed({ clean: true });
    } catch (error) {
      // Closing is how a reader leaves: no error of its own.
      if (!this.#abort.signal.aborted)
        throw this.#request.signal.aborted ? this.#request.signal.reason : error;
    } finally {
      this.close();
    }
  }

  close(): void {
    this.#abort.abort();
    this.#piece?.close();
    this.#resolveClosed({ clean: false });
  }

  async *#read(): AsyncGenerator<LogFrame, void, void> {
    const { job, follow } = this.#request;
    for (let before = job.state; ; before = job.state) {
      const position = this.#position;
      const piece = this.#piece ?? (await this.#open());
      this.#piece = piece;
      if (piece !== undefined) yield* this.#frames(piece);
      this.#piece = undefined;
      if (this.#failure !== undefined) throw this.#failure;
      const isWhole = piece !== undefined && this.#isWhole(piece);
      if (isWhole && piece.leave !== undefined) {
        piece.leave();
        continue;
      }
      if (isWhole && (!before?.terminal || (await job.confirmEnd()))) {
        this.end = presentEnd(before?.terminal ? job.state : before, follow);
        if (this.end !== undefined) return;
      }
      this.#pace.read(this.#position - position, this.#position);
      if (!job.state?.terminal) await this.#pause(this.#pace.delayMs);
    }
  }

  #isWhole(piece: FilePiece): boolean {
    if (!piece.unframed) return this.#position >= (piece.size ?? this.#position);
    return this.#unframedEnd.isBelievedAt(this.#position);
  }

  /** `undefined` while a file that has only just been begun is not there yet. */
  async #open(): Promise<FilePiece | undefined> {
    try {
      return await this.#reader.open();
    } catch (error) {
      const mayAppear = this.#position === 0 && performance.now() - this.#startedAt < APPEARS_WITHIN_MS;
      if (NotFoundError.isInstance(error) && mayAppear && !this.#request.job.state?.terminal)
        return undefined;
      throw error;
    }
  }

  async *#frames(piece: FilePiece): AsyncGenerator<LogFrame, void, void> {
    const { stalledAfterMs: timeoutMs } = this.#request;
    const frames = piece.frames[Symbol.asyncIterator]();
    const late = (): Error => stalled(timeoutMs);
    try {
      for (;;) {
        // The clock runs only while we wait: a slow reader of ours is no silence of the server's.
        const next = await within(frames.next(), { signal: this.#signal, timeoutMs, late });
        if (next.done) return;
        this.#position += next.value.length;
        yield next.value;
      }
    } finally {
      piece.close();
    }
  }

  /** Waits and requests the writer's state in the meantime; ends as soon as the writer has ended. */
  async #pause(milliseconds: number): Promise<void> {
    const wake = new AbortController();
    this.#wake = wake;
    const signal = AbortSignal.any([this.#signal, wake.signal]);
    for (let left = milliseconds; left > 0 && !wake.signal.aborted; left -= LONGEST_NAP_MS) {
      this.#askInTime();
      await delay(Math.min(left, LONGEST_NAP_MS), signal).catch((error: unknown) => {
        if (this.#signal.aborted) throw error;
      });
    }
  }

  /** Beside the reads, so that a slow head does not slow the lines. */
  #askInTime(): void {
    const now = performance.now();
    if (this.#isAsking || now - this.#askedAt < this.#pace.askAfterMs) return;
    this.#isAsking = true;
    this.#askedAt = now;
    this.#request.job
      .refresh()
      .then(
        ({ terminal }) => {
          if (terminal) this.#wake?.abort();
        },
        (error: unknown) => {
          // A head that is away for a while stops no tail; a job that is gone, or another one, does.
          if (!NotFoundError.isInstance(error) && !StreamGapError.isInstance(error)) return;
          this.#failure = error;
          this.#wake?.abort();
        },
      )
      .finally(() => {
        this.#isAsking = false;
      });
  }
}
