/** The codes of each class of errors. */
export interface ErrorCodes {
  AuthenticationError: 'AUTHENTICATION_FAILED' | 'CREDENTIALS_UNAVAILABLE';
  AuthorizationError: 'PERMISSION_DENIED';
  BrowserTrafficBlockedError: 'BROWSER_TRAFFIC_BLOCKED';
  ClientConnectionError: 'CONNECTION_FAILED' | 'HEARTBEAT_TIMEOUT';
  ClientError: 'CLIENT_CLOSED' | 'BUFFER_OVERFLOW' | 'FRAME_TOO_LARGE' | 'UNEXPECTED_CONTENT_TYPE';
  ClientTimeoutError: 'TIMEOUT' | 'CONNECT_TIMEOUT' | 'READ_TIMEOUT';
  ConflictError: 'CONFLICT';
  HTTPError: 'HTTP_ERROR';
  InvalidArgumentError:
    | 'INVALID_ARGUMENT'
    | 'INVALID_CURSOR'
    | 'TAIL_CONSUMED'
    | 'RAY_CLIENT_ADDRESS'
    | 'TOKEN_UNREADABLE'
    | 'WORKING_DIRECTORY_TOO_LARGE';
  JobFailedError: 'JOB_FAILED';
  NotFoundError: 'NOT_FOUND' | 'NO_DRIVER_LOG' | 'NO_TASK_LOG';
  RateLimitError: 'RATE_LIMITED';
  RemoteStreamError: 'REMOTE_STREAM_ERROR';
  ServerError:
    | 'SERVER_ERROR'
    | 'SERVE_DELETE_FAILED'
    | 'UNEXPECTED_RESPONSE'
    | 'RESPONSE_TOO_LARGE'
    | 'REDIRECT_REFUSED';
  StreamGapError: 'STREAM_GAP';
  StreamInterruptedError: 'STREAM_INTERRUPTED';
  StreamLimitExceededError: 'STREAM_LIMIT_EXCEEDED';
  TransportUnavailableError: 'TRANSPORT_UNAVAILABLE';
  UnsupportedByServerError: 'UNSUPPORTED_BY_SERVER';
  ValidationError: 'VALIDATION_FAILED';
}

/** The codes of Raywire's errors. Open: a subclass of a third party may have its own. */
export type ErrorCode = ErrorCodes[keyof ErrorCodes] | (string & {});
