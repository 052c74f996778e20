/** What a heartbeat needs to know and can do. */
export interface HeartbeatOptions {
  /** Silence before a probe, in milliseconds. */
  intervalMs: number;
  /** Silence before the connection counts as dead, in milliseconds. */
  timeoutMs: number;
  /** Whether a reader waits; nothing is measured otherwise. */
  waiting(): boolean;
  /** How much has arrived so far, in any unit that grows with every byte. */
  received(): number;
  probe(): void;
  dead(): void;
}

/**
 * Measures the silence of a connection while its reader waits. One timer at most, however many messages pass:
 * it is never rearmed by a message, only looks at what has happened when it fires.
 */
export class Heartbeat {
  readonly #options: HeartbeatOptions;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #silentSince = 0;
  #received = 0;
  #probedAt: number | undefined;
  #deadAt = 0;
  #lastLook = false;

  constructor(options: HeartbeatOptions) {
    this.#options = options;
  }

  /** The silence starts anew: a reader begins to wait, or something arrived. */
  restart(): void {
    this.#silentSince = performance.now();
    this.#received = this.#options.received();
    this.#probedAt = undefined;
    this.#lastLook = false;
    if (this.#timer === undefined && this.#options.waiting()) this.#arm(this.#probeAfterMs);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  get #probeAfterMs(): number {
    return Math.min(this.#options.intervalMs, this.#options.timeoutMs / 2);
  }

  #arm(delayMs: number): void {
    this.#timer = setTimeout(() => this.#tick(), Math.max(0, delayMs));
  }

  #tick(): void {
    this.#timer = undefined;
    const { intervalMs, timeoutMs, received, probe, dead, waiting } = this.#options;
    if (!waiting()) return;
    const now = performance.now();
    const total = received();
    if (total !== this.#received) {
      this.#received = total;
      this.#silentSince = now;
      this.#probedAt = undefined;
      this.#lastLook = false;
    }
    const probeAt = this.#silentSince + this.#probeAfterMs;
    if (this.#probedAt === undefined) {
      if (now < probeAt) {
        this.#arm(probeAt - now);
        return;
      }
      // Counted from the probe, not from the silence: a process that was suspended has to ask before it judges.
      this.#deadAt = now + timeoutMs - this.#probeAfterMs;
    } else if (now >= this.#deadAt) {
      // Timers run before sockets are read: after a long block the answer may be waiting in the kernel.
      if (this.#lastLook) {
        dead();
      } else {
        this.#lastLook = true;
        this.#arm(1);
      }
      return;
    }
    if (this.#probedAt === undefined || now >= this.#probedAt + intervalMs) {
      this.#probedAt = now;
      probe();
    }
    this.#arm(Math.min(this.#probedAt + intervalMs, this.#deadAt) - now);
  }
}
