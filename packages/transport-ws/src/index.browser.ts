export { webSocketTransport } from './web-socket-transport.browser.js';
export type { WebSocketTransportOptions } from './web-socket-transport-options.js';
