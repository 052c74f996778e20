import type { Socket } from 'node:net';
import type { EventFormat } from './encode-event.js';

/** Why the gateway ends a stream that is not complete. */
export type StreamEnd = 'complete' | 'gateway-closing' | 'stalled' | 'not-there' | 'failed';

/** Who writes to a sink. Methods, not promises: thousands of readers are told something at every line. */
export interface SinkOwner {
  /** The system has taken all that `write` could not hand over at once, or the connection is gone. */
  advance(): void;
  /** Not a byte of that was taken for the stall time-out. */
  fail(error: ReaderStalledError): void;
  /** The connection is gone, whoever ended it. */
  gone(): void;
}

/** What every sink takes. */
export interface SinkOptions {
  lines: EventFormat['lines'];
  stallTimeoutMs: number;
}

/** A reader took nothing for the stall time-out, though there was something to take. */
export class ReaderStalledError extends Error {
  override readonly name = 'ReaderStalledError';
}

/** How long a reader has to take the end of its stream before its socket is freed. */
const CLOSE_GRACE_MS = 5_000;

/**
 * The gateway's end of one reader's connection. It writes to the socket itself, and watches its reader where the system
 * does not take all of it at once. Node's own socket time-out watches for progress inside one large write too, so slow
 * is not mistaken for stalled.
 */
export abstract class LogSink {
  abstract readonly format: EventFormat;
  owner: SinkOwner | undefined;
  /** `null` while the answer to another request still has it. */
  protected readonly socket: Socket | null;
  readonly #stallTimeoutMs: number;
  #unwritten = 0;
  #isWaiting = false;
  #hasEnded = false;
  #graceTimer: NodeJS.Timeout | undefined;

  protected constructor(socket: Socket | null, stallTimeoutMs: number) {
    this.socket = socket;
    this.#stallTimeoutMs = stallTimeoutMs;
    socket?.setKeepAlive(true, 30_000);
    socket?.on('timeout', this.#onTimeout);
  }

  /** Nothing that is written reaches the reader any more. */
  abstract get isGone(): boolean;

  /** A sign of life for a quiet job. */
  abstract ping(): void;

  /** Ends the connection in the way of its wire. */
  protected abstract finish(reason: StreamEnd): void;

  /**
   * Writes encoded events. True when the system has taken them all at once, or the connection is gone; else the
   * reader is the one who is waited for, until `advance` or `fail` of the owner is called.
   */
  write(bytes: Buffer): boolean {
    if (this.isGone) return true;
    this.#send(bytes);
    if (this.socket?.writableLength === 0) return true;
    this.#isWaiting = true;
    this.socket?.setTimeout(this.#stallTimeoutMs);
    return false;
  }

  /** Writes an event that nobody waits for, unless bytes wait for the reader already: then it is left out. */
  hint(bytes: Buffer): void {
    if (this.isIdle) this.#send(bytes);
  }

  /** Ends the connection, and destroys its socket if that takes longer than some seconds. */
  end(reason: StreamEnd): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    if (this.socket?.destroyed === false) {
      this.#graceTimer = setTimeout(() => this.socket?.destroy(), CLOSE_GRACE_MS);
    }
    this.finish(reason);
  }

  /** Nothing waits for the reader: a hint would reach it at once. */
  protected get isIdle(): boolean {
    return !this.isGone && this.socket?.writable === true && this.socket.writableLength === 0;
  }

  /** To be called when the connection has closed. Its socket may serve another request. */
  protected release(): void {
    this.#hasEnded = true;
    clearTimeout(this.#graceTimer);
    this.socket?.off('timeout', this.#onTimeout);
    this.#stopWaiting();
    this.owner?.gone();
  }

  #send(bytes: Buffer): void {
    if (this.socket?.writable !== true) return;
    this.#unwritten += 1;
    this.socket.write(bytes, this.#onWritten);
  }

  #stopWaiting(): boolean {
    if (!this.#isWaiting) return false;
    this.#isWaiting = false;
    this.socket?.setTimeout(0);
    return true;
  }

  /** Called for a write that failed too: an error of a write is the connection's, and its close says so. */
  readonly #onWritten = (): void => {
    this.#unwritten -= 1;
    if (this.#unwritten === 0 && this.#stopWaiting()) this.owner?.advance();
  };

  readonly #onTimeout = (): void => {
    if (this.#stopWaiting())
      this.owner?.fail(new ReaderStalledError(`The reader took nothing for ${this.#stallTimeoutMs} ms`));
  };
}
