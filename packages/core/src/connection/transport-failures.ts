import { ClientConnectionError } from '../errors/client-connection-error.js';
import { ClientError } from '../errors/client-error.js';
import { ClientTimeoutError } from '../errors/client-timeout-error.js';
import { InvalidArgumentError } from '../errors/invalid-argument-error.js';
import { Redactor } from '../redaction/redactor.js';
import { originOf } from './connect-failure.js';

/** The server did not accept within the request's `connectTimeoutMs`. */
export function connectTimeout(request: { url: string; connectTimeoutMs: number }): ClientTimeoutError {
  return new ClientTimeoutError({
    code: 'CONNECT_TIMEOUT',
    message: `${originOf(request.url)} did not answer within ${request.connectTimeoutMs} ms (connectTimeoutMs).`,
  });
}

/** Nothing came for the request's `readTimeoutMs`. */
export function readTimeout(request: { url: string; readTimeoutMs: number }): ClientTimeoutError {
  return new ClientTimeoutError({
    code: 'READ_TIMEOUT',
    message: `${originOf(request.url)} sent nothing for ${request.readTimeoutMs} ms (readTimeoutMs).`,
  });
}

/** The connection ended before the orderly end of what it carried. @param cause is redacted */
export function connectionLost(url: string, cause?: unknown): ClientConnectionError {
  return new ClientConnectionError({
    message: `The connection to ${originOf(url)} broke off before its orderly end.`,
    cause: new Redactor().sanitize(cause),
  });
}

/** There is nobody left to read what the connection carries. */
export function readerGone(): ClientConnectionError {
  return new ClientConnectionError({ message: 'The connection is over: its reader has left.' });
}

/** A frame above the request's `maxFrameBytes`. */
export function frameTooLarge(maxFrameBytes: number): ClientError {
  return new ClientError({
    code: 'FRAME_TOO_LARGE',
    statusCode: 429,
    message: `The server sent a frame of more than ${maxFrameBytes} bytes (maxFrameBytes).`,
  });
}

/** The URL or a header cannot be sent. The runtime's own error may quote it, secrets and all: it is left out. */
export function unusableRequest(): InvalidArgumentError {
  return new InvalidArgumentError({ message: 'The URL or a header of the request cannot be sent.' });
}
