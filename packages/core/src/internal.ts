// For the other Raywire packages alone: nothing here is promised to stay as it is.

export { readBriefText } from './answers/error-body.js';
export { BASE_CLIENT_OPTIONS, requesterOption } from './client/base-client-options.js';
export { baseURLOption, parseBaseURL } from './client/base-url.js';
export { CALL_OPTIONS } from './client/call-options.js';
export { renewedHeaders } from './client/credentials.js';
export type { LogPosition } from './contracts/tail-cursor.js';
export { abortSignal } from './options/abort-signal.js';
export { describeInput } from './options/describe-input.js';
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
  type CheckedOptions,
  type OptionKind,
  type OptionTable,
  optionNames,
  type RefusedOptions,
} from './options/option-table.js';
export { readOptions, refuseOption } from './options/read-options.js';
export { secretForms } from './redaction/secret-forms.js';
export type { SecureSocketOptions } from './tls/tls-options.js';
export {
  refusedTlsOption,
  refuseTlsBesideRequester,
  secureSocketOptions,
  tlsOption,
  tlsRemedy,
} from './tls/tls-options.js';
