// For the other Raywire packages alone: nothing here is promised to stay as it is.

export { readBriefText } from './answers/error-body.js';
export { renewedHeaders } from './client/credentials.js';
export type { LogPosition } from './contracts/tail-cursor.js';
export { assertKnownOptions } from './options/assert-known-options.js';
export { describeInput } from './options/describe-input.js';
export { validateTimeout } from './options/validate-timeout.js';
export { secretForms } from './redaction/secret-forms.js';
export type { SecureSocketOptions } from './tls/tls-options.js';
export { refuseTls, secureSocketOptions, tlsRemedy } from './tls/tls-options.js';
