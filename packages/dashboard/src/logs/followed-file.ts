import {
  ClientError,
  type LogConnection,
  type LogConnectionClosed,
  type LogFrame,
  NotFoundError,
} from '@raywire/core';
import type { JobState, LogEnd } from '@raywire/ray';
import { UnframedEnd } from '@raywire/ray/internal';
import { delay } from '../delay.js';
import { inTime } from './in-time.js';
import type { PollPace } from './poll-pace.js';

/** What a file had to give, from an offset on, when it was asked. */
export interface FilePiece {
  /** From the asked offset on. */
  frames: AsyncIterable<LogFrame> & Pick<LogConnection, 'takeBuffered'>;
  /** The length of the file at that moment, where the server told it; all of it is in `frames`. */
  size: number | undefined;
  /** Nothing says how long the body is, so that a connection that was cut looks like its end. */
  unframed?: boolean;
  close(): void;
}

/** How a file is read. */
export interface FileReader {
  /**
   * @throws {HTTPError} 416 when the file is shorter than `offset`
   * @throws {NotFoundError} when it is not there
   */
  open(offset: number): Promise<FilePiece>;
}

/** What it takes to follow a file. */
export interface FollowedFileOptions {
  reader: FileReader;
  offset: number;
  follow: boolean;
  pace: PollPace;
  /** A reader that gives nothing for so long, in the middle of a body, is dead. In milliseconds. */
  stalledAfterMs: number;
  /** How the file's writer was before the first piece was opened. */
  known: JobState;
  /** Asks for the state of the file's writer. */
  state(): Promise<JobState>;
  signal: AbortSignal;
}

/** A file that is not there yet: its writer has only just started. */
const APPEARS_WITHIN_MS = 10_000;
const LONGEST_NAP_MS = 1_000;

/**
 * A file that is read again and again at its end, as one connection that ends by itself: when its writer had ended
 * before a read that came to the file's end. Nothing but short requests; the server holds nothing for it.
 */
export class FollowedFile implements LogConnection {
  readonly status = 200;
  readonly headers: Record<string, string> = {};
  readonly closed: Promise<LogConnectionClosed>;
  readonly #options: FollowedFileOptions;
  readonly #abort = new AbortController();
  readonly #signal: AbortSignal;
  #resolveClosed!: (closed: LogConnectionClosed) => void;
  #position: number;
  #piece: FilePiece | undefined;
  #end: LogEnd | undefined;
  #state: JobState;
  #failure: ClientError | undefined;
  readonly #unframedEnd = new UnframedEnd();
  #asking = false;
  #askedAt = 0;
  #wake: AbortController | undefined;

  /** @param first a piece that was opened already, at `offset` */
  constructor(options: FollowedFileOptions, first?: FilePiece) {
    this.#options = options;
    this.#position = options.offset;
    this.#piece = first;
    this.#state = options.known;
    this.#signal = AbortSignal.any([options.signal, this.#abort.signal]);
    this.closed = new Promise((resolve) => {
      this.#resolveClosed = resolve;
    });
  }

  /** What the end of the iteration meant. */
  get end(): LogEnd | undefined {
    return this.#end;
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
        throw this.#options.signal.aborted ? this.#options.signal.reason : error;
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
    const { follow, pace } = this.#options;
    const startedAt = performance.now();
    for (;;) {
      const hadEnded = this.#state.terminal;
      const before = this.#position;
      const piece = this.#piece ?? (await this.#open(startedAt, hadEnded));
      this.#piece = piece;
      if (piece !== undefined) yield* this.#frames(piece);
      this.#piece = undefined;
      if (this.#failure !== undefined) throw this.#failure;
      const isWhole = piece !== undefined && this.#isWhole(piece);
      if (isWhole && !hadEnded && !follow) {
        this.#end = { type: 'caughtUp', status: this.#state.status };
        return;
      }
      if (isWhole && hadEnded && (await this.#hasEnded())) {
        const { status, exitCode } = this.#state;
        this.#end = { type: 'complete', status, exitCode };
        return;
      }
      pace.read(this.#position - before, this.#position);
      if (!hadEnded) await this.#pause(pace.delayMs);
    }
  }

  #isWhole(piece: FilePiece): boolean {
    if (!piece.unframed) return this.#position >= (piece.size ?? this.#position);
    return this.#unframedEnd.isBelievedAt(this.#position);
  }

  /** Asked once more before the end is told: a head may have been wrong about the state for a moment. */
  async #hasEnded(): Promise<boolean> {
    try {
      this.#note(await this.#options.state());
    } catch (error) {
      // Who deletes a job at its end leaves nothing to be asked.
      if (NotFoundError.isInstance(error)) return true;
      throw error;
    }
    if (this.#failure !== undefined) throw this.#failure;
    return this.#state.terminal;
  }

  async #open(startedAt: number, hadEnded: boolean): Promise<FilePiece | undefined> {
    try {
      return await this.#options.reader.open(this.#position);
    } catch (error) {
      const mayAppear =
        this.#position === 0 && !hadEnded && performance.now() - startedAt < APPEARS_WITHIN_MS;
      if (NotFoundError.isInstance(error) && mayAppear) return undefined;
      throw error;
    }
  }

  async *#frames(piece: FilePiece): AsyncGenerator<LogFrame, void, void> {
    const { stalledAfterMs } = this.#options;
    const frames = piece.frames[Symbol.asyncIterator]();
    try {
      for (;;) {
        const next = await inTime(frames.next(), stalledAfterMs, () => piece.close());
        if (next.done) return;
        this.#position += next.value.length;
        yield next.value;
      }
    } finally {
      piece.close();
    }
  }

  /** Waits, and asks for the state meanwhile; its end is not waited for any longer than it takes to hear of it. */
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
    if (this.#asking || this.#state.terminal || now - this.#askedAt < this.#options.pace.askAfterMs) return;
    this.#asking = true;
    this.#askedAt = now;
    this.#options
      .state()
      .then(
        (state) => this.#note(state),
        (error: unknown) => {
          // A head that is away for a while stops no tail; a job that is gone does.
          if (NotFoundError.isInstance(error)) this.#failure = error;
        },
      )
      .finally(() => {
        this.#asking = false;
        if (this.#state.terminal || this.#failure !== undefined) this.#wake?.abort();
      });
  }

  #note(state: JobState): void {
    const known = this.#state.identity;
    if (known !== null && state.identity !== null && known !== state.identity) this.#failure = replaced();
    this.#state = state;
  }
}

function replaced(): ClientError {
  return new ClientError({
    code: 'STREAM_INTERRUPTED',
    statusCode: 503,
    message: 'The ID stands for another run (submitted anew, or restarted) since its log was read.',
  });
}
