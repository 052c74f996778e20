import {
  ClientConnectionError,
  ClientError,
  InvalidArgumentError,
  type LogConnection,
  type LogFrame,
} from '@raywire/core';
import { isProgrammingError } from '@raywire/core/internal';
import { ByteDecoder } from './byte-decoder.js';
import type { DecodedLines, LogDecoder, OpenLogSource } from './log-source.js';
import { SilenceWatch } from './silence-watch.js';
import { splitLines } from './split-lines.js';

/** An old agent sends nothing while its job is quiet: its state is requested this much later than a ping would be sent. */
const ASK_FACTOR = 1.5;
/** Bytes or characters. What more of them would be alive at once makes V8's young generation grow, and nothing faster. */
const GROUP_LENGTH = 64 * 1024;

/**
 * Reads one open source to the end of its connection: frames in, decoded lines out, in groups that a slow reader can
 * bear. It watches for silence while it waits.
 */
export class LogReader {
  /** Something valid came. */
  sawFrame = false;
  /** The connection ended as its wire says; proof of nothing. */
  endedOrderly = false;
  readonly #source: OpenLogSource;
  readonly #decoder: LogDecoder;
  readonly #queueSize: number;
  readonly #watch: SilenceWatch | undefined;
  readonly #signal: AbortSignal;
  #died: Error | undefined;

  /** @param options `queueSize`: lines at a time; `isRunning` settles to false when a quiet connection is to be given up */
  constructor(
    source: OpenLogSource,
    options: {
      queueSize: number;
      heartbeat: { intervalMs: number; timeoutMs: number };
      isRunning: () => Promise<boolean>;
      signal: AbortSignal;
    },
  ) {
    const { startsAt = 0, silence = 'ask' } = source;
    this.#source = source;
    this.#decoder = source.decoder ?? bytesFrom(startsAt, source.anchorAt !== undefined);
    this.#queueSize = options.queueSize;
    this.#signal = options.signal;
    const { intervalMs, timeoutMs } = options.heartbeat;
    if (silence === 'heartbeat') {
      this.#watch = new SilenceWatch(timeoutMs, () =>
        this.#kill(quietDeath(`Nothing was received for ${timeoutMs} ms.`)),
      );
    } else if (silence === 'ask') {
      this.#watch = new SilenceWatch(intervalMs * ASK_FACTOR, () => {
        options.isRunning().then(
          (isRunning) => {
            if (!isRunning) this.#kill(quietDeath('The connection was quiet, and the job does not run.'));
          },
          (error: unknown) => this.#kill(asStreamFailure(error)),
        );
      });
    }
  }

  /** @throws {ClientError} when the connection broke */
  async *read(): AsyncGenerator<DecodedLines, void, void> {
    const { connection } = this.#source;
    const frames = connection[Symbol.asyncIterator]();
    let isOver = false;
    // A third party's iterator may hold more than its connection, and be deaf to the signal.
    const leave = (): void => {
      connection.close();
      if (!isOver) returned(frames);
      isOver = true;
    };
    this.#signal.addEventListener('abort', leave);
    try {
      for (;;) {
        this.#watch?.waiting();
        const next = await frames.next().catch((error: unknown) => {
          isOver = true;
          throw this.#died ?? asStreamFailure(error);
        });
        this.#watch?.heard();
        isOver ||= next.done === true;
        if (this.#died !== undefined) throw this.#died;
        if (next.done) break;
        yield* this.#decode(next.value, connection);
      }
      this.endedOrderly = true;
      yield this.#decoder.finish();
    } finally {
      this.#watch?.stop();
      this.#signal.removeEventListener('abort', leave);
      leave();
    }
  }

  *#decode(first: LogFrame, connection: LogConnection): Generator<DecodedLines, void, void> {
    if (typeof first !== 'string' && connection.takePacked && this.#decoder.decodePacked) {
      let decoded = this.#decodePacked(connection, first);
      for (; decoded !== undefined; decoded = this.#decodePacked(connection)) yield* this.#portions(decoded);
      return;
    }
    let frames = [first].concat(connection.takeBuffered?.() ?? []);
    while (frames.length > 0) {
      const end = groupEnd(frames, this.#queueSize);
      const decoded = this.#decoder.decode(end === frames.length ? frames : frames.slice(0, end));
      // What is decoded must not live on while a reader goes through its lines.
      frames = frames.slice(end);
      yield* this.#portions(decoded);
    }
  }

  /** The next group of what has arrived; `undefined` where there is nothing. */
  #decodePacked(connection: LogConnection, first?: Uint8Array): DecodedLines | undefined {
    const packed = connection.takePacked?.(GROUP_LENGTH);
    if (packed === undefined || (first === undefined && packed.ends.length === 0)) return undefined;
    return this.#decoder.decodePacked?.(packed, first);
  }

  *#portions(decoded: DecodedLines): Generator<DecodedLines, void, void> {
    if (decoded.lines.length > 0 || decoded.end !== undefined) this.sawFrame = true;
    if (decoded.lines.length <= this.#queueSize) yield decoded;
    else yield* splitLines(decoded, this.#queueSize);
  }

  #kill(error: Error): void {
    this.#died = error;
    this.#source.connection.close();
  }
}

function bytesFrom(startsAt: number | 'tail', hasAnchors: boolean): LogDecoder {
  if (startsAt !== 'tail') return new ByteDecoder(startsAt, hasAnchors);
  throw new InvalidArgumentError({
    message:
      "A log source without a decoder must say at which offset it starts: startsAt 'tail' is not enough.",
  });
}

/** Where the first group ends: it has at least one frame. */
function groupEnd(frames: readonly LogFrame[], maxFrames: number): number {
  let end = 0;
  let size = 0;
  do {
    size += (frames[end] as LogFrame).length;
    end++;
  } while (end < frames.length && end < maxFrames && size < GROUP_LENGTH);
  return end;
}

function quietDeath(message: string): ClientError {
  return new ClientConnectionError({ code: 'HEARTBEAT_TIMEOUT', message });
}

/** Not waited for, and what fails after the end is nobody's any more. */
function returned(frames: AsyncIterator<LogFrame>): void {
  (async () => frames.return?.())().catch(() => undefined);
}

/** What a third party's transport throws may be anything. A fault of its program is none of the connection. */
export function asStreamFailure(cause: unknown): Error {
  if (ClientError.isInstance(cause) || isProgrammingError(cause)) return cause;
  const message = cause instanceof Error ? cause.message : String(cause);
  return new ClientConnectionError({ message: `The connection failed: ${message}`, cause });
}
