export { BaseClient } from './client/base-client.js';
export type { Authenticate, BaseClientOptions } from './client/base-client-options.js';
export type { CallHooks, RequestEvent, ResponseEvent, RetryEvent } from './client/call-hooks.js';
export type { ApiRequest, ApiResponse, CallOptions } from './contracts/api-client.js';
export type { JobStatus } from './contracts/job-status.js';
export type { LogAnchor, LogCheckpoint, TailCursor } from './contracts/tail-cursor.js';
export { AuthenticationError } from './errors/authentication-error.js';
export { AuthorizationError } from './errors/authorization-error.js';
export { BrowserTrafficBlockedError } from './errors/browser-traffic-blocked-error.js';
export { ClientConnectionError } from './errors/client-connection-error.js';
export { ClientError } from './errors/client-error.js';
export { ClientTimeoutError } from './errors/client-timeout-error.js';
export { ConflictError } from './errors/conflict-error.js';
export type { ErrorCode } from './errors/error-code.js';
export { HTTPError } from './errors/http-error.js';
export { InvalidArgumentError } from './errors/invalid-argument-error.js';
export { JobFailedError } from './errors/job-failed-error.js';
export { NotFoundError } from './errors/not-found-error.js';
export { RateLimitError } from './errors/rate-limit-error.js';
export { isRaywireError, type RaywireError } from './errors/raywire-errors.js';
export { RemoteStreamError } from './errors/remote-stream-error.js';
export { ServerError } from './errors/server-error.js';
export { StreamGapError } from './errors/stream-gap-error.js';
export { StreamInterruptedError } from './errors/stream-interrupted-error.js';
export { StreamLimitExceededError } from './errors/stream-limit-exceeded-error.js';
export { TransportUnavailableError } from './errors/transport-unavailable-error.js';
export { UnsupportedByServerError } from './errors/unsupported-by-server-error.js';
export { ValidationError } from './errors/validation-error.js';
export type { TlsOptions } from './tls/tls-options.js';

// Symbols above are for users; those below are for implementers of transports, backends and mixins.

export type { RefusedResponse } from './answers/http-error-from-response.js';
export { httpErrorFromResponse } from './answers/http-error-from-response.js';
export type { FrameStore } from './connection/frame-list.js';
export type { FrameQueueListener } from './connection/frame-queue.js';
export { FrameQueue } from './connection/frame-queue.js';
export type { QueuedSocket } from './connection/queued-connection.js';
export { QueuedConnection } from './connection/queued-connection.js';
export type { ApiClient } from './contracts/api-client.js';
export type { HttpRequest, HttpRequester, HttpResponse } from './contracts/http-requester.js';
export type {
  LogConnection,
  LogConnectionClosed,
  LogFrame,
  LogRequest,
  LogTransport,
  PackedFrames,
} from './contracts/log-transport.js';
export type { ClientErrorOptions } from './errors/client-error.js';
export type { ErrorDetails } from './errors/error-details.js';
export { fetchRequester } from './fetch/fetch-requester.js';
export { Redactor } from './redaction/redactor.js';
