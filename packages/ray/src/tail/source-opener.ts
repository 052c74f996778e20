import { type LogConnection, TransportUnavailableError } from '@raywire/core';
import { connectWithCredentials } from '../source/connect-with-credentials.js';
import { MAX_FRAME_BYTES, maxEventBytes } from '../source/frame-size.js';
import type { JobWatch } from '../source/job-watch.js';
import { asStreamFailure } from '../source/log-reader.js';
import type { LogSourceRequest, OpenLogSource } from '../source/log-source.js';
import type { Route } from './routes.js';
import type { CheckedTailOptions } from './tail-options.js';
import type { TailTarget } from './tail-target.js';

/** Opens routes for one tail, with the client's credentials. */
export class SourceOpener {
  /** The server was reached, and said that the log is still to come. */
  hasWaited = false;
  readonly #target: TailTarget;
  readonly #options: CheckedTailOptions;
  readonly #job: JobWatch;
  readonly #signal: AbortSignal;

  constructor(target: TailTarget, options: CheckedTailOptions, job: JobWatch, signal: AbortSignal) {
    this.#target = target;
    this.#options = options;
    this.#job = job;
    this.#signal = signal;
  }

  /** @throws {ClientError} */
  async open(
    route: Route,
    from: Pick<LogSourceRequest, 'offset' | 'anchor' | 'tailLines'>,
  ): Promise<OpenLogSource> {
    const { jobId, api, heartbeat } = this.#target;
    try {
      const open = await route.source.open({
        ...from,
        jobId,
        api,
        follow: this.#options.follow,
        transport: route.transport,
        timeoutMs: this.#options.timeoutMs,
        stalledAfterMs: heartbeat.timeoutMs,
        maxEventBytes: maxEventBytes(this.#options.streamLimits),
        connect: (request) => this.#connect(route, request),
        job: this.#job,
        isWatched: this.#options.onEvent !== undefined,
        emit: (event) => {
          this.hasWaited ||= event.type === 'waiting';
          this.#options.onEvent?.(event);
        },
        signal: this.#signal,
      });
      // A transport may be deaf to its signal: what it opens for a tail that is over has no other owner.
      if (this.#signal.aborted) open.connection.close();
      this.#signal.throwIfAborted();
      return open;
    } catch (error) {
      throw this.#signal.aborted ? this.#signal.reason : asStreamFailure(error);
    }
  }

  #connect(route: Route, request: Parameters<LogSourceRequest['connect']>[0]): Promise<LogConnection> {
    const { transport } = route;
    if (transport === undefined) {
      const message = `The source ${route.source.name} reads by REST and has no transport.`;
      throw new TransportUnavailableError({ message });
    }
    return connectWithCredentials(this.#target.api, transport, {
      headers: {},
      connectTimeoutMs: this.#options.timeoutMs,
      ...request,
      signal: this.#signal,
      maxFrameBytes: MAX_FRAME_BYTES,
      heartbeat: this.#target.heartbeat,
    });
  }
}
