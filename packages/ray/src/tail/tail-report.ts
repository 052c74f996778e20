import type { DeliveryLimits } from '../lines/delivery-limits.js';
import type { JobWatch } from '../source/job-watch.js';
import type { LogEnd } from '../source/log-source.js';
import type { TailEnd, TailEnding } from './tail-end.js';
import { isLoss } from './tail-errors.js';

/** Keeps what `end` will say. */
export class TailReport {
  readonly #limits: DeliveryLimits;
  readonly #job: JobWatch;
  #connections = 0;
  #transport: string | null = null;
  #exit: Pick<LogEnd & { type: 'complete' }, 'status' | 'exitCode'> = {};

  constructor(limits: DeliveryLimits, job: JobWatch) {
    this.#limits = limits;
    this.#job = job;
  }

  get everConnected(): boolean {
    return this.#connections > 0;
  }

  noteConnection(transport: string): void {
    this.#connections++;
    this.#transport = transport;
  }

  /** What the end of the log says of the job; the job itself is asked where it says nothing. */
  async noteExit(end: LogEnd & { type: 'complete' | 'caughtUp' }): Promise<void> {
    this.#exit = end;
    // The log has ended, whatever has become of the ID since.
    if (end.type === 'complete' && end.status === undefined) await this.#job.tryRefresh().catch(() => false);
  }

  /** @param untaken the lines of the last batch that the reader left */
  end(ending: TailEnding, untaken: readonly string[]): TailEnd {
    const { state } = this.#job;
    const isLost = ending.reason === 'failed' && state?.terminal && isLoss(ending.error);
    return {
      ...(isLost ? { reason: 'lost', error: ending.error } : ending),
      jobStatus: this.#exit.status ?? state?.status ?? null,
      exitCode: this.#exit.exitCode ?? state?.exitCode ?? null,
      lines: this.#limits.lines - untaken.length,
      bytes: this.#limits.bytes - this.#limits.bytesOf(untaken),
      reconnects: Math.max(0, this.#connections - 1),
      transport: this.#transport,
    };
  }
}
