export { httpTransport } from './http-transport.node.js';
export type { HttpTransportOptions } from './http-transport-options.js';

// For implementers: what `BaseClient` takes as its `requester`.
export { undiciRequester } from './undici-requester.node.js';
