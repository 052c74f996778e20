import { describeTransport, webSocketServer } from '@raywire/transport-testkit';
import { webSocketTransport } from './index.browser.js';

// Node's own WebSocket is that of the browsers' standard, with the same limits.
describeTransport({
  name: 'webSocketTransport keeps the contract with a native WebSocket, as far as one can',
  setup: async () => ({ transport: webSocketTransport(), server: await webSocketServer() }),
  capabilities: {
    handshakeStatus: false,
    requestHeaders: false,
    responseHeaders: false,
    backpressure: false,
    pings: false,
  },
});
