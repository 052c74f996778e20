import type { Redactor } from '@raywire/core';
import type { DeliveryLimits } from '../lines/delivery-limits.js';
import type { JobWatch } from '../source/job-watch.js';
import type { LogEnd } from '../source/log-source.js';
import type { TailEnd, TailEnding } from './tail-end.js';
import { isLoss } from './tail-errors.js';

/** How long the job may be asked for at the end of a tail. */
const END_REQUEST_MS = 3_000;

/** What is known at once when a tail ends. */
export type TailEndOfLog = TailEnding &
  Omit<TailEnd, keyof TailEnding | 'jobStatus' | 'exitCode' | 'message'>;

/** Keeps what `end` will say. */
export class TailReport {
  readonly #limits: DeliveryLimits;
  readonly #job: JobWatch;
  readonly #redactor: Pick<Redactor, 'redact'>;
  /** A first connection stands. */
  readonly connected: Promise<void>;
  #resolveConnected!: () => void;
  #connections = 0;
  #transport: string | null = null;
  #exit: Pick<LogEnd & { type: 'complete' }, 'status' | 'exitCode'> = {};

  constructor(limits: DeliveryLimits, job: JobWatch, redactor: Pick<Redactor, 'redact'>) {
    this.#redactor = redactor;
    this.#limits = limits;
    this.#job = job;
    this.connected = new Promise((resolve) => {
      this.#resolveConnected = resolve;
    });
  }

  get everConnected(): boolean {
    return this.#connections > 0;
  }

  noteConnection(transport: string): void {
    this.#connections++;
    this.#transport = transport;
    this.#resolveConnected();
  }

  /** What the end of the log says of the job; the job itself is asked where it says nothing. */
  async noteExit(end: LogEnd & { type: 'complete' | 'caughtUp' }): Promise<void> {
    this.#exit = end;
    // The log has ended, whatever has become of the ID since.
    if (end.type === 'complete' && end.status === undefined) await this.#job.tryRefresh().catch(() => false);
  }

  /** The end without the job. @param untaken the lines of the last batch that the reader left */
  end(ending: TailEnding, untaken: readonly string[]): TailEndOfLog {
    const { state } = this.#job;
    const isLost = ending.reason === 'failed' && state?.terminal && isLoss(ending.error);
    return {
      ...(isLost ? { reason: 'lost', error: ending.error } : ending),
      lines: this.#limits.lines - untaken.length,
      bytes: this.#limits.bytes - this.#limits.bytesOf(untaken),
      reconnects: Math.max(0, this.#connections - 1),
      transport: this.#transport,
    };
  }

  /** The end with the job as it is now, requested once and not for long. */
  async withJob(end: TailEndOfLog): Promise<TailEnd> {
    const { status: exitStatus, exitCode } = this.#exit;
    const state = await this.#job.atEnd(END_REQUEST_MS);
    const status = exitStatus ?? state?.status;
    // Lines have come: it is no longer what it was said to be.
    const isRefuted = end.lines > 0 && status?.startsWith('PENDING');
    const isCurrent = exitStatus === undefined || exitStatus === state?.status;
    const message = isRefuted || !isCurrent ? undefined : state?.message;
    return {
      ...end,
      jobStatus: (isRefuted ? undefined : status) ?? null,
      exitCode: exitCode ?? state?.exitCode ?? null,
      message: typeof message === 'string' ? this.#redactor.redact(message) : null,
    };
  }
}
