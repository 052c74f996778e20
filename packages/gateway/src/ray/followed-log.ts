import {
  ClientError,
  ClientTimeoutError,
  type LogAnchor,
  NotFoundError,
  ServerError,
  StreamGapError,
} from '@raywire/core';
import { within } from '@raywire/core/internal';
import type { JobState, LogEnd } from '@raywire/ray';
import { JobWatch } from '@raywire/ray/internal';
import type { JobStatus } from '../contracts/job.js';
import type { JobLog, JobLogEnd } from '../contracts/job-log.js';
import type { ByteStream, ByteStreams } from './byte-stream.js';
import { DirectReads } from './direct-reads.js';
import { Patience } from './patience.js';
import type { Spool } from './spool.js';
import { notSpooled } from './spool-fault.js';

/** How long a new reader waits for the cluster to confirm that the ID still belongs to the same job. */
const CHECK_TIMEOUT_MS = 5_000;

/**
 * The log of a job on a cluster: followed into a spool from which its readers read. What the spool does not hold is
 * read from the cluster again. A cluster that is away for a while is waited for.
 */
export class FollowedLog implements JobLog {
  readonly ready: Promise<void>;
  readonly #jobId: string;
  readonly #streams: ByteStreams;
  readonly #spool: Spool;
  readonly #lingerMs: number;
  readonly #listeners = new Set<() => void>();
  readonly #abort = new AbortController();
  readonly #patience: Patience;
  readonly #job: JobWatch;
  readonly #direct: DirectReads;
  readonly #following: Promise<void>;
  /** Of the last byte that came from the cluster. */
  #anchor: LogAnchor | undefined;
  #settleReady!: { resolve: () => void; reject: (error: ClientError) => void };
  #end: JobLogEnd | undefined;
  #failure: ClientError | undefined;
  /** The cluster has confirmed that the log reaches to where its first reader wants to go on. */
  #isPlaced = false;

  constructor(options: {
    jobId: string;
    streams: ByteStreams;
    spool: Spool;
    giveUpAfterMs: number;
    lingerMs: number;
    state: (signal: AbortSignal) => Promise<JobState>;
  }) {
    const { signal } = this.#abort;
    this.#jobId = options.jobId;
    this.#streams = options.streams;
    this.#spool = options.spool;
    this.#lingerMs = options.lingerMs;
    this.#patience = new Patience({ giveUpAfterMs: options.giveUpAfterMs, signal });
    this.#job = new JobWatch(options.state, signal);
    this.#direct = new DirectReads((offset) => this.#open(offset, false));
    this.ready = new Promise((resolve, reject) => {
      this.#settleReady = { resolve, reject };
    });
    // Nobody may be waiting for it.
    this.ready.catch(() => undefined);
    this.#following = this.#follow();
  }

  get size(): number {
    return this.#isPlaced ? this.#spool.end : 0;
  }

  get end(): JobLogEnd | undefined {
    return this.#end;
  }

  /** 0 once it has failed (a cluster that was away too long), or its spool has: the next reader gets a new attempt. */
  get lingerMs(): number {
    return this.#failure === undefined && this.#spool.fault === undefined ? this.#lingerMs : 0;
  }

  /** Also true while the cluster does not answer: the spool still serves what it holds. */
  async isCurrent(): Promise<boolean> {
    const late = (): Error => new ClientTimeoutError({ message: 'The cluster did not say which job it is.' });
    try {
      await within(this.#job.refresh(), { timeoutMs: CHECK_TIMEOUT_MS, late });
    } catch (error) {
      if (NotFoundError.isInstance(error)) throw error;
      if (StreamGapError.isInstance(error)) return false;
    }
    return this.#failure === undefined;
  }

  async read(position: number, maxBytes: number): Promise<Uint8Array> {
    if (position >= this.size) {
      if (this.#failure !== undefined) throw this.#failure;
      return new Uint8Array(0);
    }
    return (await this.#spool.read(position, maxBytes)) ?? this.#readAgain(position, maxBytes);
  }

  watch(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async close(): Promise<void> {
    this.#abort.abort();
    this.#direct.close();
    await this.#following;
    await this.#spool.close();
  }

  /** Never rejects: what ends it is told to those who read. */
  async #follow(): Promise<void> {
    const progress = (): number => this.#spool.end;
    try {
      const readPresent = (): Promise<LogEnd> => this.#patience.until(() => this.#read(false), progress);
      const present = await readPresent().catch((error: unknown) => {
        if (this.#isPlaced || this.#spool.end === 0 || !isPastTheEnd(error)) throw error;
        // The offset of one reader keeps nobody else from the log.
        this.#spool.rewind();
        this.#anchor = undefined;
        return readPresent();
      });
      this.#settleReady.resolve();
      const end =
        present.type === 'complete' ? present : await this.#patience.until(() => this.#read(true), progress);
      this.#finish(end);
    } catch (error) {
      // The driver may be closed before its logs: what the spool holds stays readable.
      const isClosed =
        this.#abort.signal.aborted || (ClientError.isInstance(error) && error.code === 'CLIENT_CLOSED');
      if (isClosed) this.#settleReady.reject(closing());
      else this.#fail(error);
    }
  }

  /** @throws {ClientError} unless it came to an end that is one */
  async #read(follow: boolean): Promise<LogEnd> {
    const stream = await this.#open(this.#spool.end, follow);
    try {
      // Once it stands: before, the job could still be replaced on the way.
      await this.#job.refresh();
      for await (const bytes of stream.bytes) {
        await this.#spool.append(bytes);
        this.#isPlaced = true;
        this.#notify();
      }
    } finally {
      this.#anchor = stream.anchor() ?? this.#anchor;
      stream.close();
    }
    const end = await stream.end();
    if (end !== undefined) {
      this.#isPlaced = true;
      return end;
    }
    throw new ServerError({ statusCode: 502, message: 'The connection to the cluster ended early.' });
  }

  async #readAgain(position: number, maxBytes: number): Promise<Uint8Array> {
    const wanted = Math.min(maxBytes, this.size - position);
    try {
      return await this.#patience.until(() => this.#direct.read(position, wanted));
    } catch (error) {
      const { fault } = this.#spool;
      throw fault === undefined ? error : notSpooled(fault, position, error);
    }
  }

  #open(offset: number, follow: boolean): Promise<ByteStream> {
    return this.#streams.open({
      jobId: this.#jobId,
      job: this.#job,
      offset,
      anchor: this.#anchor,
      follow,
      signal: this.#abort.signal,
      onWaiting: this.#settleReady.resolve,
    });
  }

  #finish(end: LogEnd): void {
    if (end.type !== 'complete') {
      const message = 'The cluster ended the log without an end.';
      this.#fail(new ServerError({ statusCode: 502, message }));
      return;
    }
    const status = (end.status ?? 'FAILED') as JobStatus;
    this.#end = { status, exitCode: end.exitCode ?? null, size: this.size };
    this.#notify();
  }

  #fail(error: unknown): void {
    this.#failure = ClientError.isInstance(error)
      ? error
      : new ServerError({ message: 'The gateway failed while it followed the log.', cause: error });
    this.#settleReady.reject(this.#failure);
    this.#notify();
  }

  #notify(): void {
    for (const listener of this.#listeners) listener();
  }
}

/** The log is shorter than where it was to be read. */
function isPastTheEnd(error: unknown): boolean {
  return StreamGapError.isInstance(error) || (ClientError.isInstance(error) && error.statusCode === 416);
}

function closing(): ServerError {
  return new ServerError({ statusCode: 503, message: 'The gateway is closing' });
}
