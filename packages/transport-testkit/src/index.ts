export { type DescribeTransportOptions, describeTransport } from './describe-transport.js';
export { httpServer } from './http-server.js';
// For those whose wire is their own: what their scripted server has to be.
export type { TransportCapabilities } from './transport-capabilities.js';
export type {
  PeerAcceptance,
  PeerBreak,
  PeerClose,
  PeerRefusal,
  TransportPeer,
  TransportServer,
} from './transport-server.js';
export { webSocketServer } from './web-socket-server.js';
