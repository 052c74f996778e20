import { ClientConnectionError, ClientError, ClientTimeoutError, InvalidArgumentError } from '@raywire/core';

/** The handshake took longer than `connectTimeoutMs`. */
export function connectTimeout(connectTimeoutMs: number): ClientTimeoutError {
  return new ClientTimeoutError({
    code: 'CONNECT_TIMEOUT',
    message: `The WebSocket handshake was not answered within ${connectTimeoutMs} ms.`,
  });
}

/** A message above the request's `maxFrameBytes`. */
export function frameTooLarge(maxFrameBytes: number): ClientError {
  return new ClientError({
    code: 'FRAME_TOO_LARGE',
    statusCode: 429,
    message: `The server sent a WebSocket message of more than ${maxFrameBytes} bytes (maxFrameBytes).`,
  });
}

/** The connection ended without a close frame. */
export function connectionLost(cause?: unknown): ClientConnectionError {
  return new ClientConnectionError({
    message: 'The WebSocket connection broke off without a close frame.',
    cause,
  });
}

/** Nothing came for so long, pings unanswered. */
export function heartbeatTimeout(timeoutMs: number): ClientConnectionError {
  return new ClientConnectionError({
    code: 'HEARTBEAT_TIMEOUT',
    message: `The WebSocket connection is dead: nothing came for ${timeoutMs} ms, nor an answer to a ping.`,
  });
}

/** The URL or a header cannot be sent. The runtime's own error may quote it, secrets and all: it is left out. */
export function unusableRequest(): InvalidArgumentError {
  return new InvalidArgumentError({
    message: 'The URL or a header of the request cannot be used for a WebSocket.',
  });
}
