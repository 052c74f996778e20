import {
  type ApiClient,
  ClientError,
  type LogAnchor,
  type LogTransport,
  StreamGapError,
  UnsupportedByServerError,
} from '@raywire/core';
import type { LogEnd, LogSource } from '@raywire/ray';
import { connectWithCredentials, type JobWatch } from '@raywire/ray/internal';

/** The bytes of a job's log file, from an offset on. */
export interface ByteStream {
  bytes: AsyncIterable<Uint8Array>;
  /** What the end of `bytes` meant; `undefined`: an interruption. */
  end(): Promise<LogEnd | undefined>;
  /** For a later request: how the place just after the bytes that were read is found again, if some were. */
  anchor(): LogAnchor | undefined;
  close(): void;
}

/** What is asked of a log that is elsewhere. */
export interface ByteStreamRequest {
  jobId: string;
  job: JobWatch;
  offset: number;
  /** What an earlier stream told of some place; without it nothing proves that the log is the same. */
  anchor: LogAnchor | undefined;
  follow: boolean;
  signal: AbortSignal;
  /** The job has not started: it takes longer. */
  onWaiting?: () => void;
}

const CONNECT_TIMEOUT_MS = 10_000;
const STALLED_AFTER_MS = 45_000;

/** Opens the byte-exact sources of a backend, best first. */
export class ByteStreams {
  readonly #api: ApiClient;
  readonly #sources: readonly LogSource[];
  readonly #transport: LogTransport;

  /** @param sources those whose offsets are bytes of the log file itself */
  constructor(options: { api: ApiClient; sources: readonly LogSource[]; transport: LogTransport }) {
    this.#api = options.api;
    this.#sources = options.sources;
    this.#transport = options.transport;
  }

  /** @throws {ClientError} of the last source, when none can be opened */
  async open(request: ByteStreamRequest): Promise<ByteStream> {
    let failure: unknown = new UnsupportedByServerError({
      message: 'There is no byte-exact way to this log.',
    });
    for (const source of this.#sources) {
      try {
        return await this.#openSource(source, request);
      } catch (error) {
        if (request.signal.aborted || !ClientError.isInstance(error)) throw error;
        // The log is shorter: that is not the fault of the source.
        if (error.statusCode === 416 || StreamGapError.isInstance(error)) throw error;
        failure = error;
      }
    }
    throw failure;
  }

  async #openSource(source: LogSource, request: ByteStreamRequest): Promise<ByteStream> {
    const { jobId, job, offset, anchor, follow, signal } = request;
    const opened = await source.open({
      jobId,
      job,
      offset,
      anchor,
      tailLines: undefined,
      follow,
      api: this.#api,
      transport: this.#transport,
      timeoutMs: CONNECT_TIMEOUT_MS,
      stalledAfterMs: STALLED_AFTER_MS,
      connect: (given) =>
        connectWithCredentials(this.#api, this.#transport, {
          headers: {},
          ...given,
          signal,
          connectTimeoutMs: CONNECT_TIMEOUT_MS,
        }),
      emit: (event) => {
        if (event.type === 'waiting') request.onWaiting?.();
      },
      signal,
    });
    let position = offset;
    const counted = async function* (): AsyncGenerator<Uint8Array, void, void> {
      for await (const bytes of bytesOf(opened.connection)) {
        position += bytes.length;
        yield bytes;
      }
    };
    return {
      bytes: counted(),
      end: async () => opened.end?.(0),
      anchor: () => (position > offset ? opened.anchorAt?.(position)() : undefined),
      close: () => opened.connection.close(),
    };
  }
}

async function* bytesOf(frames: AsyncIterable<Uint8Array | string>): AsyncGenerator<Uint8Array, void, void> {
  for await (const frame of frames) yield typeof frame === 'string' ? new TextEncoder().encode(frame) : frame;
}
