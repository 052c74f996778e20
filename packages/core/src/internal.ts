// For the other Raywire packages alone: nothing here is promised to stay as it is.

export { readBriefText } from './answers/error-body.js';
export { plainHeaders } from './answers/plain-headers.js';
export { BASE_CLIENT_OPTIONS, requesterOption } from './client/base-client-options.js';
export { baseURLOption, parseBaseURL } from './client/base-url.js';
export { clientClosed } from './client/call-failures.js';
export { CALL_OPTIONS } from './client/call-options.js';
export { renewedHeaders } from './client/credentials.js';
export { redactHeaders } from './client/header-record.js';
export { EXPLAIN, redacted, redactMethods } from './client/redacted-methods.js';
export { redirectTarget } from './client/redirect-target.js';
export { connectFailure, originOf } from './connection/connect-failure.js';
export { FramePack } from './connection/frame-pack.js';
export { moduleUnavailable } from './connection/module-unavailable.js';
export { isProgrammingError } from './connection/programming-error.js';
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
export { abortSignal } from './options/abort-signal.js';
export { describeInput, describeType } from './options/describe-input.js';
export { nearest } from './options/option-hints.js';
export {
  amount,
  arrayOf,
  callback,
  checkedBy,
  contract,
  count,
  duration,
  flag,
  kind,
  nested,
  oneOf,
  orFunction,
  record,
  recordOf,
  refused,
  required,
  secret,
  text,
  unchecked,
} from './options/option-kinds.js';
export {
  type AnyOptionTable,
  type CheckedOptions,
  type OptionKind,
  type OptionTable,
  optionNames,
  type RefusedOptions,
} from './options/option-table.js';
export { readOptions, refuseOption } from './options/read-options.js';
export { secretForms } from './redaction/secret-forms.js';
export { backoff } from './time/backoff.js';
export { countdown } from './time/countdown.js';
export { Deadline } from './time/deadline.js';
export { delay } from './time/delay.js';
export { within } from './time/within.js';
export type { SecureSocketOptions } from './tls/tls-options.js';
export {
  refusedTlsOption,
  refuseTlsBesideRequester,
  secureSocketOptions,
  tlsOption,
} from './tls/tls-options.js';
