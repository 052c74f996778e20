export type { OversizeMode, StreamLimitsInit } from './stream-limits.js';
export { StreamLimits } from './stream-limits.js';

// Symbols above are for users; those below are for implementers of backends, transports and mixins.

export { httpToWebSocketUrl } from './http-to-web-socket-url.js';
export { validateApplicationName } from './validate-application-name.js';
export { validateResourceId } from './validate-resource-id.js';
export { validateTimeout } from './validate-timeout.js';
