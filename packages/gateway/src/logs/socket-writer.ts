import type { Socket } from 'node:net';
import { ReaderStalledError } from './log-sink.js';

/**
 * Writes to a socket, and waits for its reader where the system does not take all of it at once. Node's own socket
 * time-out watches for progress inside one large write too, so slow is not mistaken for stalled.
 */
export class SocketWriter {
  readonly #socket: Socket;
  readonly #stallTimeoutMs: number;
  #unwritten = 0;
  #waiting: PromiseWithResolvers<void> | undefined;

  constructor(socket: Socket, stallTimeoutMs: number) {
    this.#socket = socket;
    this.#stallTimeoutMs = stallTimeoutMs;
    socket.on('timeout', this.#onTimeout);
  }

  /** `undefined` when the system took it all at once. @throws {ReaderStalledError} by rejection */
  write(bytes: Buffer): Promise<void> | undefined {
    this.#send(bytes);
    if (this.#socket.writableLength === 0) return undefined;
    this.#waiting ??= Promise.withResolvers();
    this.#socket.setTimeout(this.#stallTimeoutMs);
    return this.#waiting.promise;
  }

  /** Nothing waits for the reader: a hint would reach it at once. */
  get isIdle(): boolean {
    return this.#socket.writable && this.#socket.writableLength === 0;
  }

  /** Writes what nobody waits for, unless bytes wait for the reader already. */
  hint(bytes: Buffer): void {
    if (this.isIdle) this.#send(bytes);
  }

  /** The socket may live on, with another request. */
  release(): void {
    this.#socket.off('timeout', this.#onTimeout);
    this.#settle();
  }

  #send(bytes: Buffer): void {
    if (!this.#socket.writable) return;
    this.#unwritten += 1;
    this.#socket.write(bytes, this.#onWritten);
  }

  /** Called for a write that failed too: an error of a write is the connection's, and its close says so. */
  readonly #onWritten = (): void => {
    this.#unwritten -= 1;
    if (this.#unwritten === 0) this.#settle();
  };

  readonly #onTimeout = (): void => {
    this.#settle(new ReaderStalledError(`The reader took nothing for ${this.#stallTimeoutMs} ms`));
  };

  #settle(error?: ReaderStalledError): void {
    if (this.#waiting === undefined) return;
    this.#socket.setTimeout(0);
    if (error === undefined) this.#waiting.resolve();
    else this.#waiting.reject(error);
    this.#waiting = undefined;
  }
}
