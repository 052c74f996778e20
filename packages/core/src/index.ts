export type { ApiRequest, ApiResponse, CallOptions } from './api-client.js';
export { BaseClient } from './base-client.js';
export type { Authenticate, BaseClientOptions } from './base-client-options.js';
export type { CallHooks, RequestEvent, ResponseEvent, RetryEvent } from './call-hooks.js';
export { AuthenticationError } from './errors/authentication-error.js';
export { AuthorizationError } from './errors/authorization-error.js';
export { BrowserTrafficBlockedError } from './errors/browser-traffic-blocked-error.js';
export { ClientConnectionError } from './errors/client-connection-error.js';
export { ClientError } from './errors/client-error.js';
export { ClientTimeoutError } from './errors/client-timeout-error.js';
export { ConflictError } from './errors/conflict-error.js';
export { HTTPError } from './errors/http-error.js';
export { InvalidArgumentError } from './errors/invalid-argument-error.js';
export { JobFailedError } from './errors/job-failed-error.js';
export { NotFoundError } from './errors/not-found-error.js';
export { RateLimitError } from './errors/rate-limit-error.js';
export { RemoteStreamError } from './errors/remote-stream-error.js';
export { ServerError } from './errors/server-error.js';
export { StreamGapError } from './errors/stream-gap-error.js';
export { StreamInterruptedError } from './errors/stream-interrupted-error.js';
export { StreamLimitExceededError } from './errors/stream-limit-exceeded-error.js';
export { TransportUnavailableError } from './errors/transport-unavailable-error.js';
export { UnsupportedByServerError } from './errors/unsupported-by-server-error.js';
export { ValidationError } from './errors/validation-error.js';
export type { LogPosition, TailCursor } from './tail-cursor.js';
export type { TlsOptions } from './tls-options.js';

// Symbols above are for users; those below are for implementers of transports, backends and mixins.

export type { ApiClient } from './api-client.js';
export { assertKnownOptions } from './assert-known-options.js';
export { renewedHeaders } from './credentials.js';
export { describeInput } from './describe-input.js';
export { readBriefText } from './error-body.js';
export type { ClientErrorOptions } from './errors/client-error.js';
export type { ErrorDetails } from './errors/error-details.js';
export { fetchRequester } from './fetch-requester.js';
export type { RefusedResponse } from './http-error-from-response.js';
export { httpErrorFromResponse } from './http-error-from-response.js';
export type { HttpRequest, HttpRequester, HttpResponse } from './http-requester.js';
export type {
  LogConnection,
  LogConnectionClosed,
  LogFrame,
  LogRequest,
  LogTransport,
} from './log-transport.js';
export { Redactor } from './redactor.js';
export { secretForms } from './secret-forms.js';
export type { SecureSocketOptions } from './tls-options.js';
export { refuseTls, secureSocketOptions, tlsRemedy } from './tls-options.js';
export { validateTimeout } from './validate-timeout.js';
