import {
  type HttpResponse,
  InvalidArgumentError,
  type LogConnection,
  type LogConnectionClosed,
  type LogFrame,
} from '@raywire/core';

type Result = IteratorResult<LogFrame, undefined>;

/** A body that can give what it already has, without a promise a chunk; undici's does. */
export interface BufferedBody extends AsyncIterable<Uint8Array> {
  takeBuffered(): Uint8Array[];
}

/** The body of a response as a log connection. */
export class StreamConnection implements LogConnection {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly closed: Promise<LogConnectionClosed>;
  takeBuffered?: () => LogFrame[];
  readonly #response: HttpResponse;
  readonly #signal: AbortSignal;
  readonly #onAbort: () => void;
  readonly #releaseSignal: () => void;
  #resolveClosed!: (closed: LogConnectionClosed) => void;
  #interrupt: (() => void) | undefined;
  #hasReader = false;
  #open = true;

  /** @param controller aborted with the caller's reason, through what `release` takes back */
  constructor(response: HttpResponse, controller: AbortController, release: () => void) {
    const { body } = response;
    this.status = response.status;
    this.headers = response.headers;
    this.#response = response;
    this.#signal = controller.signal;
    this.#releaseSignal = release;
    this.closed = new Promise((resolve) => {
      this.#resolveClosed = resolve;
    });
    if (isBuffered(body)) this.takeBuffered = () => (this.#open ? body.takeBuffered() : []);
    this.#onAbort = () => this.#end({ clean: false });
    this.#signal.addEventListener('abort', this.#onAbort, { once: true });
  }

  [Symbol.asyncIterator](): AsyncIterator<LogFrame, undefined> {
    if (this.#hasReader) throw new InvalidArgumentError({ message: 'A log connection has one reader.' });
    this.#hasReader = true;
    const chunks = this.#response.body[Symbol.asyncIterator]();
    return {
      next: () => this.#next(chunks),
      return: async () => {
        this.close();
        return { done: true, value: undefined };
      },
    };
  }

  close(): void {
    if (!this.#open) return;
    this.#response.cancel();
    this.#end({ clean: false });
  }

  #next(chunks: AsyncIterator<Uint8Array>): Promise<Result> {
    return new Promise((resolve, reject) => {
      const stop = (): void => {
        if (this.#signal.aborted) reject(this.#signal.reason);
        else resolve({ done: true, value: undefined });
      };
      if (!this.#open) {
        stop();
        return;
      }
      this.#interrupt = stop;
      chunks.next().then(
        (result) => {
          this.#interrupt = undefined;
          if (result.done === true) this.#end({ clean: true });
          resolve(result as Result);
        },
        (error) => {
          this.#interrupt = undefined;
          this.#end({ clean: false });
          reject(error);
        },
      );
    });
  }

  #end(closed: LogConnectionClosed): void {
    if (!this.#open) return;
    this.#open = false;
    this.#signal.removeEventListener('abort', this.#onAbort);
    this.#releaseSignal();
    this.#interrupt?.();
    this.#interrupt = undefined;
    this.#resolveClosed(closed);
  }
}

function isBuffered(body: AsyncIterable<Uint8Array>): body is BufferedBody {
  return typeof (body as Partial<BufferedBody>).takeBuffered === 'function';
}
