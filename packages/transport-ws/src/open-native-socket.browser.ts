import {
  ClientConnectionError,
  ClientError,
  InvalidArgumentError,
  type LogConnection,
  type LogConnectionClosed,
  type LogFrame,
  type LogRequest,
} from '@raywire/core';
import { connectionLost, connectTimeout, frameTooLarge, unusableRequest } from './connection-failures.js';
import { FrameQueue } from './frame-queue.js';

const DEFAULT_MAX_FRAME_BYTES = 8 * 1024 * 1024;

/** Opens the browser's own WebSocket; settles as `LogTransport.open` says, without the status of a refusal. */
export async function openNativeSocket(request: LogRequest, bufferBytes: number): Promise<LogConnection> {
  const { signal, connectTimeoutMs } = request;
  signal.throwIfAborted();
  let socket: WebSocket;
  try {
    // Older browsers know no `http:` here.
    socket = new WebSocket(request.url.replace(/^http/i, 'ws'));
  } catch {
    throw unusableRequest();
  }
  socket.binaryType = 'arraybuffer';
  return new Promise((resolve, reject) => {
    const settle = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      socket.onopen = socket.onclose = null;
    };
    const fail = (error: unknown): void => {
      settle();
      reject(error);
      socket.close();
    };
    const onAbort = (): void => fail(signal.reason);
    const timer = setTimeout(() => fail(connectTimeout(connectTimeoutMs)), connectTimeoutMs);
    signal.addEventListener('abort', onAbort, { once: true });
    socket.onclose = () => fail(handshakeFailure());
    socket.onopen = () => {
      settle();
      resolve(new NativeSocketConnection(socket, request, bufferBytes));
    };
  });
}

function handshakeFailure(): ClientConnectionError {
  return new ClientConnectionError({
    message:
      'The WebSocket could not be opened; a browser does not tell whether the server refused or is away.',
  });
}

class NativeSocketConnection implements LogConnection {
  readonly status: number = 101;
  readonly headers: Record<string, string> = {};
  readonly closed: Promise<LogConnectionClosed>;
  readonly #socket: WebSocket;
  readonly #frames: FrameQueue;
  readonly #signal: AbortSignal;
  readonly #onAbort: () => void;
  #resolveClosed!: (closed: LogConnectionClosed) => void;
  #hasReader = false;
  #open = true;

  constructor(socket: WebSocket, request: LogRequest, bufferBytes: number) {
    const maxFrameBytes = request.maxFrameBytes ?? DEFAULT_MAX_FRAME_BYTES;
    this.#socket = socket;
    this.#signal = request.signal;
    this.closed = new Promise((resolve) => {
      this.#resolveClosed = resolve;
    });
    this.#frames = new FrameQueue(bufferBytes, {
      // There is no pause: what has come is delivered, the rest is for another connection.
      full: () => this.#break(bufferOverflow(bufferBytes)),
      drained: () => undefined,
      starved: () => undefined,
    });
    this.#onAbort = () => {
      this.#frames.clear();
      this.#break(request.signal.reason);
    };
    request.signal.addEventListener('abort', this.#onAbort, { once: true });
    socket.onmessage = ({ data }: MessageEvent<string | ArrayBuffer>) => {
      const frame = typeof data === 'string' ? data : new Uint8Array(data);
      if (exceeds(frame, maxFrameBytes)) this.#break(frameTooLarge(maxFrameBytes));
      else this.#frames.push(frame);
    };
    socket.onclose = ({ code, reason }) => {
      if (code === 1006) this.#frames.fail(connectionLost());
      else this.#frames.end();
      this.#release({ clean: code !== 1006, code, reason });
    };
  }

  [Symbol.asyncIterator](): AsyncIterator<LogFrame, undefined> {
    if (this.#hasReader) throw new InvalidArgumentError({ message: 'A log connection has one reader.' });
    this.#hasReader = true;
    return {
      next: () => this.#frames.next(),
      return: async () => {
        this.close();
        return { done: true, value: undefined };
      },
    };
  }

  takeBuffered(): LogFrame[] {
    return this.#frames.takeBuffered();
  }

  close(): void {
    this.#frames.clear();
    this.#frames.end();
    this.#terminate();
  }

  #break(error: unknown): void {
    this.#frames.fail(error);
    this.#terminate();
  }

  #terminate(): void {
    this.#release({ clean: false });
    this.#socket.close();
  }

  #release(closed: LogConnectionClosed): void {
    if (!this.#open) return;
    this.#open = false;
    this.#socket.onmessage = null;
    this.#signal.removeEventListener('abort', this.#onAbort);
    this.#resolveClosed(closed);
  }
}

function bufferOverflow(bufferBytes: number): ClientError {
  return new ClientError({
    code: 'BUFFER_OVERFLOW',
    statusCode: 503,
    message: `More than ${bufferBytes} bytes waited for the reader, and a browser's WebSocket cannot be paused.`,
  });
}

/** A limit in bytes, for a string too; it is encoded only when its length leaves a doubt. */
function exceeds(frame: LogFrame, maxBytes: number): boolean {
  if (typeof frame !== 'string' || frame.length > maxBytes) return frame.length > maxBytes;
  return frame.length * 3 > maxBytes && new TextEncoder().encode(frame).length > maxBytes;
}
