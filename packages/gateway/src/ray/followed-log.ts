import { setTimeout as delay } from 'node:timers/promises';
import {
  ClientError,
  ClientTimeoutError,
  HTTPError,
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
import type { ByteStreams } from './byte-stream.js';
import type { Spool } from './spool.js';

const FIRST_RETRY_MS = 250;
const LONGEST_RETRY_MS = 10_000;
/** How long a new reader waits for the cluster to confirm that the ID still belongs to the same job. */
const CHECK_TIMEOUT_MS = 5_000;

/**
 * The log of a job on a cluster: followed into a spool from which its readers read. What the spool no longer holds is
 * read from the cluster again. A cluster that is away for a while is waited for.
 */
export class FollowedLog implements JobLog {
  readonly ready: Promise<void>;
  readonly #jobId: string;
  readonly #streams: ByteStreams;
  readonly #spool: Spool;
  readonly #giveUpAfterMs: number;
  readonly #lingerMs: number;
  readonly #listeners = new Set<() => void>();
  readonly #abort = new AbortController();
  readonly #job: JobWatch;
  readonly #following: Promise<void>;
  /** Of the last byte that came from the cluster. */
  #anchor: LogAnchor | undefined;
  #markReady!: () => void;
  #end: JobLogEnd | undefined;
  #failure: ClientError | undefined;

  constructor(options: {
    jobId: string;
    streams: ByteStreams;
    spool: Spool;
    giveUpAfterMs: number;
    lingerMs: number;
    state: (signal: AbortSignal) => Promise<JobState>;
  }) {
    this.#jobId = options.jobId;
    this.#streams = options.streams;
    this.#spool = options.spool;
    this.#giveUpAfterMs = options.giveUpAfterMs;
    this.#lingerMs = options.lingerMs;
    this.#job = new JobWatch(options.state, this.#abort.signal);
    this.ready = new Promise((resolve) => {
      this.#markReady = resolve;
    });
    this.#following = this.#follow();
  }

  get size(): number {
    return this.#spool.end;
  }

  get end(): JobLogEnd | undefined {
    return this.#end;
  }

  /** 0 once it has failed (a full disk, a cluster that was away too long): the next reader gets a new attempt. */
  get lingerMs(): number {
    return this.#failure === undefined ? this.#lingerMs : 0;
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
    await this.#following;
    await this.#spool.close();
  }

  /** Never rejects: what ends it is told to those who read. */
  async #follow(): Promise<void> {
    const { signal } = this.#abort;
    let lastSuccess = performance.now();
    for (let retryMs = FIRST_RETRY_MS; !signal.aborted; retryMs = Math.min(retryMs * 2, LONGEST_RETRY_MS)) {
      const before = this.size;
      try {
        const present = await this.#read(false);
        this.#markReady();
        lastSuccess = performance.now();
        const end = present.type === 'complete' ? present : await this.#read(true);
        this.#finish(end);
        return;
      } catch (error) {
        // The driver may be closed before its logs: what the spool holds stays readable.
        if (signal.aborted || (ClientError.isInstance(error) && error.code === 'CLIENT_CLOSED')) return;
        if (this.size > before) {
          lastSuccess = performance.now();
          retryMs = FIRST_RETRY_MS;
        }
        if (isFinal(error) || performance.now() - lastSuccess > this.#giveUpAfterMs) {
          this.#fail(error);
          return;
        }
      }
      await delay(retryMs, undefined, { signal }).catch(() => undefined);
    }
  }

  /** @throws {ClientError} unless it came to an end that is one */
  async #read(follow: boolean): Promise<LogEnd> {
    const stream = await this.#streams.open({
      jobId: this.#jobId,
      job: this.#job,
      offset: this.size,
      anchor: this.#anchor,
      follow,
      signal: this.#abort.signal,
      onWaiting: this.#markReady,
    });
    try {
      // Once it stands: before, the job could still be replaced on the way.
      await this.#job.refresh();
      for await (const bytes of stream.bytes) {
        await this.#spool.append(bytes);
        this.#notify();
      }
    } finally {
      this.#anchor = stream.anchor();
      stream.close();
    }
    const end = await stream.end();
    if (end !== undefined) return end;
    throw new ServerError({ statusCode: 502, message: 'The connection to the cluster ended early.' });
  }

  async #readAgain(position: number, maxBytes: number): Promise<Uint8Array> {
    const { signal } = this.#abort;
    const stream = await this.#streams.open({
      jobId: this.#jobId,
      job: this.#job,
      offset: position,
      anchor: this.#anchor,
      follow: false,
      signal,
    });
    const parts: Uint8Array[] = [];
    let length = 0;
    const wanted = Math.min(maxBytes, this.size - position);
    try {
      for await (const bytes of stream.bytes) {
        parts.push(bytes);
        length += bytes.length;
        if (length >= wanted) break;
      }
    } finally {
      stream.close();
    }
    if (length > 0) return Buffer.concat(parts).subarray(0, wanted);
    throw new StreamGapError({
      message: `Byte ${position} of the log can no longer be read from the cluster.`,
    });
  }

  #finish(end: LogEnd): void {
    if (end.type === 'complete') {
      const status = (end.status ?? 'FAILED') as JobStatus;
      this.#end = { status, exitCode: end.exitCode ?? null, size: this.size };
    } else {
      this.#failure = new ServerError({
        statusCode: 502,
        message: 'The cluster ended the log without an end.',
      });
    }
    this.#notify();
  }

  #fail(error: unknown): void {
    this.#failure = ClientError.isInstance(error)
      ? error
      : new ServerError({
          message: `The log could not be spooled: ${(error as Error).message}`,
          cause: error,
        });
    this.#markReady();
    this.#notify();
  }

  #notify(): void {
    for (const listener of this.#listeners) listener();
  }
}

/** What the cluster would only say again, and what is no matter of the cluster: a full disk. */
function isFinal(error: unknown): boolean {
  if (!ClientError.isInstance(error) || StreamGapError.isInstance(error)) return true;
  return HTTPError.isInstance(error) && (error.statusCode ?? 500) < 500 && error.statusCode !== 429;
}
