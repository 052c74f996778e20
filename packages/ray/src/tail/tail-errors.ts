import type { TailCursor } from '@raywire/core';
import {
  ClientConnectionError,
  ClientError,
  ClientTimeoutError,
  HTTPError,
  InvalidArgumentError,
  type LogConnectionClosed,
  RemoteStreamError,
  StreamGapError,
  StreamInterruptedError,
  StreamLimitExceededError,
} from '@raywire/core';
import type { StreamLimits } from '@raywire/network';
import type { DeliveryLimit } from '../lines/delivery-limits.js';
import { MAX_FRAME_BYTES, maxEventBytes } from '../source/frame-size.js';
import type { LogEnd } from '../source/log-source.js';

/** The gateway's close code for an offset that the log does not hold, or no longer; on HTTP it is 416. */
const NO_SUCH_OFFSET = 4416;

/** A limit, once the lines before it are delivered. */
export function limitExceeded(
  limit: DeliveryLimit,
  { [limit]: max }: StreamLimits,
  cursor: TailCursor | undefined,
): StreamLimitExceededError {
  return new StreamLimitExceededError({
    limit,
    max,
    cursor,
    message: `The stream limit ${limit} (${max}) is reached. Raise it with streamLimits: { ${limit}: … } on the call or the client, or resume with { cursor }.`,
  });
}

/**
 * A connection that ended without the log's end.
 *
 * @throws {StreamGapError} when the server says that the log is shorter than what was delivered
 */
export function interruption(
  end: LogEnd | undefined,
  closed: LogConnectionClosed,
  { byOffset }: { byOffset: boolean },
  cursor: TailCursor | undefined,
): StreamInterruptedError {
  const reason = closed.reason ? ` (${closed.reason})` : '';
  if (byOffset && closed.code === NO_SUCH_OFFSET) throw shorterThanDelivered(cursor);
  const code = closed.code === undefined ? '' : ` with code ${closed.code}`;
  const said =
    end?.type === 'interrupted' ? end.message : `it was closed${code}${reason} before the end of the log`;
  return new StreamInterruptedError({ message: `The connection ended early: ${said}.`, cursor });
}

/**
 * What a transport's or server's error means for a tail.
 *
 * @param isAboutOffset an offset was requested: a 416 refuses that offset
 */
export function asStreamError(
  error: unknown,
  isAboutOffset: boolean,
  limits: StreamLimits,
  cursor: TailCursor | undefined,
): unknown {
  if (isAboutOffset && HTTPError.isInstance(error) && error.statusCode === 416)
    return shorterThanDelivered(cursor, error);
  const max = limits.maxMessageSize;
  // Otherwise a line within the limits may need such a frame, and another route may carry it.
  const sizeMatters = maxEventBytes(limits) <= MAX_FRAME_BYTES;
  if (!isTooLarge(error) || !sizeMatters) return error;
  return new StreamLimitExceededError({
    limit: 'maxMessageSize',
    max,
    cursor,
    cause: error,
    message: `The stream limit maxMessageSize (${max} bytes) is passed by a single frame: ${error.message}`,
  });
}

/** The server's own `error` event. */
export function remoteError(message: string): RemoteStreamError {
  return new RemoteStreamError({ message: `The server ended the log stream with an error: ${message}` });
}

/** A replaying source cannot go on a tail that has no beginning. */
export function noOffset(cursor: TailCursor | undefined): StreamInterruptedError {
  return new StreamInterruptedError({
    message: 'A tail that began with tailLines can only be resumed by offset, and this source has none.',
    cursor,
  });
}

/** No other attempt can mend it. */
export function isFinal(error: ClientError): boolean {
  return error.code === 'CLIENT_CLOSED' || FINAL.some((type) => type.isInstance(error));
}

const FINAL = [InvalidArgumentError, RemoteStreamError, StreamLimitExceededError];

/** The log can no longer be reached: if the job has ended, that is for good. */
export function isLoss(error: unknown): boolean {
  if (!HTTPError.isInstance(error)) return StreamInterruptedError.isInstance(error);
  return !ASK_AGAIN.has(error.statusCode);
}

const EVERY_ATTEMPT = 'Every attempt failed.';

/** Another token, or a little patience, and the log is there again. */
const ASK_AGAIN = new Set([401, 403, 429]);

/**
 * What the loop throws when nothing is left to try: an answer keeps its own status, 408 stays where every attempt
 * timed out, a frame that no route can carry is told as that, and 503 is the rest. Every attempt is in the cause.
 */
export function finalError(
  last: Error,
  told: {
    attempts: readonly Error[];
    everConnected: boolean;
    lines: number;
    timeoutMs: number;
    cursor: TailCursor | undefined;
  },
): Error {
  const { attempts, cursor, timeoutMs } = told;
  const cause = attempts.length > 1 ? new AggregateError(attempts, EVERY_ATTEMPT) : attempts[0];
  const isAnswer = HTTPError.isInstance(last) || isTooLarge(last);
  if (isAnswer || (!told.everConnected && !isSilence(last))) return withAttempts(last, attempts);
  if (!told.everConnected) {
    if (ClientTimeoutError.isInstance(last) && attempts.every((it) => ClientTimeoutError.isInstance(it))) {
      // A silence is bounded by the client's readTimeoutMs.
      const bound = last.code !== 'READ_TIMEOUT';
      const hint = bound
        ? ` The timeoutMs of the tail allows each attempt ${timeoutMs} milliseconds in all.`
        : '';
      return new ClientTimeoutError({ code: last.code, message: last.message + hint, cause });
    }
    const message = ClientConnectionError.isInstance(last)
      ? last.message
      : `The server could not be reached: ${last.message}`;
    return new ClientConnectionError({ message, cause });
  }
  return new StreamInterruptedError({
    message: `The log was interrupted after ${told.lines} lines and could not be resumed: ${last.message} Resume with { cursor }.`,
    cursor,
    cause,
  });
}

/** A frame that is too large for its route, and would be so again. */
export function isTooLarge(error: unknown): error is ClientError {
  return ClientError.isInstance(error) && error.code === 'FRAME_TOO_LARGE';
}

function isSilence(error: Error): boolean {
  return ClientConnectionError.isInstance(error) || ClientTimeoutError.isInstance(error);
}

/** The error with all attempts as its cause. It is one of them itself, so it is made again: no cause leads in a circle. */
function withAttempts(error: Error, attempts: readonly Error[]): Error {
  if (attempts.length < 2) return error;
  const Same = error.constructor as typeof ClientError;
  // Nobody knows what the constructor of somebody else's class takes.
  if (!Object.hasOwn(Same, 'brand')) return error;
  const cause = new AggregateError(attempts, EVERY_ATTEMPT);
  return new Same({ ...(error as ClientError), message: error.message, cause });
}

/** The log does not reach to where it was delivered, or does not begin before that. */
export function shorterThanDelivered(cursor: TailCursor | undefined, cause?: Error): StreamGapError {
  return new StreamGapError({
    message:
      'The log no longer holds what was delivered of it: it was truncated or replaced, or its beginning dropped.',
    cursor,
    cause,
  });
}

/** A second consumer; or a first one that comes when lines were thrown away for `end` already. */
export function tailConsumed(hasConsumer: boolean): InvalidArgumentError {
  return new InvalidArgumentError({
    code: 'TAIL_CONSUMED',
    message: hasConsumer
      ? 'This tail has a consumer already; call tailJobLogs again for another one.'
      : 'This tail was drained for its `end`, which was requested before anything read it; begin to read first.',
  });
}
