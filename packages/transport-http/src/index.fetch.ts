export { httpTransport } from './http-transport.fetch.js';
export type { HttpTransportOptions } from './http-transport-options.js';

// For implementers: what `BaseClient` takes as its `requester`.
export { undiciRequester } from './undici-requester.fetch.js';
export type { UndiciRequesterOptions } from './undici-requester-options.js';
