// For the other Raywire packages alone: nothing here is promised to stay as it is.

export { readBriefText } from './answers/error-body.js';
export { plainHeaders } from './answers/plain-headers.js';
export { checkRequester } from './client/base-client-options.js';
export { renewedHeaders } from './client/credentials.js';
export { redirectTarget } from './client/redirect-target.js';
export { connectFailure, originOf } from './connection/connect-failure.js';
export { DEFAULT_MAX_FRAME_BYTES } from './connection/queued-connection.js';
export {
  connectionLost,
  connectTimeout,
  frameTooLarge,
  readerGone,
  readTimeout,
  unusableRequest,
} from './connection/transport-failures.js';
export type { LogPosition } from './contracts/tail-cursor.js';
export { assertKnownOptions } from './options/assert-known-options.js';
export { describeInput } from './options/describe-input.js';
export { validateTimeout } from './options/validate-timeout.js';
export { secretForms } from './redaction/secret-forms.js';
export { backoff } from './time/backoff.js';
export { countdown } from './time/countdown.js';
export { Deadline } from './time/deadline.js';
export { delay } from './time/delay.js';
export { within } from './time/within.js';
export type { SecureSocketOptions } from './tls/tls-options.js';
export { refuseTls, secureSocketOptions } from './tls/tls-options.js';
