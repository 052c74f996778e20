import type {
  LogConnection,
  LogConnectionClosed,
  LogFrame,
  PackedFrames,
} from '../contracts/log-transport.js';
import type { FrameStore } from './frame-list.js';
import type { FramePack } from './frame-pack.js';
import { FrameQueue } from './frame-queue.js';
import { frameTooLarge } from './transport-failures.js';

/** Of a `LogRequest`. */
export const DEFAULT_MAX_FRAME_BYTES: number = 8 * 1024 * 1024;
const DEFAULT_BUFFER_BYTES = 256 * 1024;

/** The socket below a `QueuedConnection`. */
export interface QueuedSocket {
  /** The HTTP status of the answer or handshake; 101 for a WebSocket. */
  status: number;
  /** Of the answer, names in lower case. Default: none. */
  headers?: Record<string, string> | undefined;
  /** Aborting it ends the connection: the reader throws its reason. */
  signal: AbortSignal;
  /** How much may wait for the reader before `pause`, in bytes, with 64 more a frame. Default 256 KiB. */
  bufferBytes?: number | undefined;
  /** Where the frames wait, if all are bytes and many of them small: `takePacked` gives them together. Default: none. */
  pack?: FramePack | undefined;
  /**
   * A larger frame breaks the connection with a `ClientError` of code `FRAME_TOO_LARGE`. Default 8 MiB; `Infinity`
   * where frames are pieces of one stream.
   */
  maxFrameBytes?: number | undefined;
  /** The reader is behind: stop reading. A socket that cannot stop has to be broken here. */
  pause(): void;
  /** The reader has caught up: read on. */
  resume(): void;
  /** Frees the socket. Called at most once: when the reader leaves, the signal is aborted or the connection is broken. */
  terminate(): void;
  /** The reader has taken everything and waits for more: clocks of silence start here. */
  starved?(): void;
  /** The reader that waited has been given a frame. */
  fed?(): void;
  /** Called once, when the connection is over, whoever ended it. */
  released?(): void;
}

/**
 * A log connection over a socket that pushes. It does everything that `LogConnection` requires: back-pressure, one
 * reader, an error after the frames before it, `closed`, and an abort that frees the socket at once. Its owner calls
 * `push`, and in the end `end` or `break`.
 *
 * @example
 * ```ts
 * import { connect } from 'node:net';
 * import { ClientConnectionError, type LogTransport, QueuedConnection } from '@raywire/core';
 *
 * // Reads logs from bare TCP. (One to publish also keeps `connectTimeoutMs`, and frees the socket of an aborted `open`.)
 * const tcpTransport: LogTransport = {
 *   contractVersion: 1,
 *   name: 'tcp',
 *   open: ({ url, signal }) =>
 *     new Promise((resolve, reject) => {
 *       const socket = connect(Number(new URL(url).port), new URL(url).hostname);
 *       const lost = (cause: Error) => new ClientConnectionError({ message: 'The connection was lost.', cause });
 *       socket.on('error', (cause) => reject(lost(cause)));
 *       socket.on('connect', () => {
 *         const connection = new QueuedConnection({
 *           status: 200,
 *           signal,
 *           pause: () => socket.pause(),
 *           resume: () => socket.resume(),
 *           terminate: () => socket.destroy(),
 *         });
 *         socket.on('data', (chunk) => connection.push(chunk));
 *         socket.on('end', () => connection.end({ clean: true }));
 *         socket.on('error', (cause) => connection.end({ clean: false }, lost(cause)));
 *         resolve(connection);
 *       });
 *     }),
 * };
 * ```
 */
export class QueuedConnection<Frame extends LogFrame = LogFrame> implements LogConnection {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly closed: Promise<LogConnectionClosed>;
  readonly takePacked?: (maxBytes: number) => PackedFrames;
  readonly #socket: QueuedSocket;
  readonly #frames: FrameQueue<Frame>;
  readonly #maxFrameBytes: number;
  #resolveClosed!: (closed: LogConnectionClosed) => void;
  #isOpen = true;

  constructor(socket: QueuedSocket) {
    const { signal, bufferBytes = DEFAULT_BUFFER_BYTES, pack } = socket;
    this.#socket = socket;
    this.status = socket.status;
    this.headers = socket.headers ?? {};
    this.#maxFrameBytes = socket.maxFrameBytes ?? DEFAULT_MAX_FRAME_BYTES;
    this.closed = new Promise((resolve) => {
      this.#resolveClosed = resolve;
    });
    const listener = {
      full: () => socket.pause(),
      drained: () => socket.resume(),
      starved: () => socket.starved?.(),
      fed: () => socket.fed?.(),
      left: () => this.close(),
    };
    this.#frames = new FrameQueue(bufferBytes, listener, pack as FrameStore<Frame> | undefined);
    if (pack !== undefined) this.takePacked = (maxBytes) => this.#frames.takeBy(() => pack.take(maxBytes));
    signal.addEventListener('abort', this.#onAbort, { once: true });
    if (signal.aborted) this.#onAbort();
  }

  /** Whether a reader waits for a frame at this moment. */
  get waiting(): boolean {
    return this.#frames.waiting;
  }

  /** @throws {InvalidArgumentError} when there is a reader already */
  [Symbol.asyncIterator](): AsyncIterator<Frame, undefined> {
    return this.#frames[Symbol.asyncIterator]();
  }

  takeBuffered(): Frame[] {
    return this.#frames.takeBuffered();
  }

  /** Hands a frame to the reader. After the end it is dropped. */
  push(frame: Frame): void {
    if (exceeds(frame, this.#maxFrameBytes)) this.break(frameTooLarge(this.#maxFrameBytes));
    else this.#frames.push(frame);
  }

  /** The peer ended it: in an orderly way, or by `error`. The frames before it are delivered first. */
  end(closed: LogConnectionClosed, error?: unknown): void {
    this.#frames.finish(error === undefined ? {} : { error });
    this.#release(closed);
  }

  /** It cannot go on: the frames before it are delivered first, then the reader throws `error`. */
  break(error: unknown): void {
    this.#frames.finish({ error });
    this.#terminate();
  }

  close(): void {
    this.#frames.clear();
    this.#frames.finish();
    this.#terminate();
  }

  #onAbort = (): void => {
    this.#frames.clear();
    this.break(this.#socket.signal.reason);
  };

  #terminate(): void {
    if (!this.#isOpen) return;
    this.#release({ clean: false });
    this.#socket.terminate();
  }

  #release(closed: LogConnectionClosed): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#socket.signal.removeEventListener('abort', this.#onAbort);
    this.#resolveClosed(closed);
    this.#socket.released?.();
  }
}

/** A limit in bytes, of a string too: it is encoded only when its length leaves a doubt. */
function exceeds(frame: LogFrame, maxBytes: number): boolean {
  if (typeof frame !== 'string' || frame.length > maxBytes) return frame.length > maxBytes;
  return frame.length * 3 > maxBytes && new TextEncoder().encode(frame).length > maxBytes;
}
