export { httpTransport } from './http-transport.node.js';
export type { HttpTransportOptions } from './http-transport-options.js';

// For implementers: what `BaseClient` takes as its `requester`.
export { undiciRequester } from './undici-requester.node.js';
export type { UndiciRequesterOptions } from './undici-requester-options.js';
