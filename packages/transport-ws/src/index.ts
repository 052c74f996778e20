export { webSocketTransport } from './web-socket-transport.node.js';
export type { WebSocketTransportOptions } from './web-socket-transport-options.js';
