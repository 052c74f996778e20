import type { Socket } from 'node:net';
import { ReaderStalledError } from './log-sink.js';

/** Who is told about a write that the system did not take at once. */
export interface WriterOwner {
  flushed(): void;
  stalled(error: ReaderStalledError): void;
}

/**
 * Writes to a socket, and watches its reader where the system does not take all of it at once. Node's own socket
 * time-out watches for progress inside one large write too, so slow is not mistaken for stalled.
 */
export class SocketWriter {
  readonly #socket: Socket;
  readonly #stallTimeoutMs: number;
  readonly #owner: WriterOwner;
  #unwritten = 0;
  #isWaiting = false;

  constructor(socket: Socket, stallTimeoutMs: number, owner: WriterOwner) {
    this.#socket = socket;
    this.#stallTimeoutMs = stallTimeoutMs;
    this.#owner = owner;
    socket.on('timeout', this.#onTimeout);
  }

  /** True when the system took it all at once; else the owner is told when it has, or that the reader stalled. */
  write(bytes: Buffer): boolean {
    this.#send(bytes);
    if (this.#socket.writableLength === 0) return true;
    this.#isWaiting = true;
    this.#socket.setTimeout(this.#stallTimeoutMs);
    return false;
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
    this.#stopWaiting();
  }

  #send(bytes: Buffer): void {
    if (!this.#socket.writable) return;
    this.#unwritten += 1;
    this.#socket.write(bytes, this.#onWritten);
  }

  #stopWaiting(): boolean {
    if (!this.#isWaiting) return false;
    this.#isWaiting = false;
    this.#socket.setTimeout(0);
    return true;
  }

  /** Called for a write that failed too: an error of a write is the connection's, and its close says so. */
  readonly #onWritten = (): void => {
    this.#unwritten -= 1;
    if (this.#unwritten === 0 && this.#stopWaiting()) this.#owner.flushed();
  };

  readonly #onTimeout = (): void => {
    if (this.#stopWaiting())
      this.#owner.stalled(new ReaderStalledError(`The reader took nothing for ${this.#stallTimeoutMs} ms`));
  };
}
