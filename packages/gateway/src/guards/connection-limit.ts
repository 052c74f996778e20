import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { callerAddress } from './caller-address.js';

/** From its first byte to the end of its first headers, a caller that means it needs no more. */
const PATIENCE_MS = 5_000;
/** The same while more connections wait than their share. */
const CROWDED_PATIENCE_MS = 1_000;
const SWEEP_MS = 250;
/** Of the connections; so many may wait unless it is crowded. */
const WAITING_SHARE = 1 / 8;
const MIN_WAITING = 64;

/**
 * Bounds the connections of a server. Those that have shown the token count against the maximum, and live on. The others
 * wait, beside that maximum, and not for long: when there are too many, the oldest of the newcomer's own address has to
 * go, or else the oldest of all. So silent connections keep nobody out.
 */
export class ConnectionLimit {
  readonly #maxConnections: number;
  readonly #share: number;
  readonly #timeOut: (socket: Socket) => void;
  /** Since when, and whose; the oldest first. */
  readonly #waiting = new Map<Socket, { since: number; caller: string }>();
  readonly #admitted = new WeakSet<Socket>();
  #admittedCount = 0;
  #sweepTimer: NodeJS.Timeout | undefined;

  /** @param timeOut answers and closes a connection that has waited too long */
  constructor(server: Server, maxConnections: number, timeOut: (socket: Socket) => void) {
    this.#maxConnections = maxConnections;
    this.#share = Math.max(MIN_WAITING, Math.floor(maxConnections * WAITING_SHARE));
    this.#timeOut = timeOut;
    server.on('connection', (socket: Socket) => this.#receive(socket));
    server.on('close', () => this.#stopSweeping());
  }

  /** The connection has shown the token. False when the maximum is reached: it is to be refused and closed. */
  admit(socket: Socket): boolean {
    if (this.#admitted.has(socket)) return true;
    if (this.#admittedCount >= this.#maxConnections) return false;
    this.#waiting.delete(socket);
    this.#admitted.add(socket);
    this.#admittedCount += 1;
    socket.once('close', () => {
      this.#admittedCount -= 1;
    });
    return true;
  }

  #receive(socket: Socket): void {
    const caller = callerAddress(socket);
    if (this.#waiting.size + this.#admittedCount >= this.#maxConnections + this.#share) this.#dropOne(caller);
    this.#waiting.set(socket, { since: performance.now(), caller });
    socket.once('close', () => this.#waiting.delete(socket));
    this.#sweepTimer ??= setInterval(() => this.#sweep(), SWEEP_MS).unref();
  }

  #dropOne(newcomer: string): void {
    let oldest: Socket | undefined;
    for (const [socket, { caller }] of this.#waiting) {
      oldest ??= socket;
      if (caller !== newcomer) continue;
      oldest = socket;
      break;
    }
    if (oldest === undefined) return;
    this.#waiting.delete(oldest);
    oldest.destroy();
  }

  #sweep(): void {
    const now = performance.now();
    const patience = this.#waiting.size > this.#share ? CROWDED_PATIENCE_MS : PATIENCE_MS;
    for (const [socket, { since }] of this.#waiting) {
      if (now - since < patience) break;
      if (!socket.writableEnded) this.#timeOut(socket);
    }
    if (this.#waiting.size === 0) this.#stopSweeping();
  }

  #stopSweeping(): void {
    clearInterval(this.#sweepTimer);
    this.#sweepTimer = undefined;
  }
}
