import { describeTransport, webSocketServer } from '@raywire/transport-testkit';
import { webSocketTransport } from './index.js';

describeTransport({
  name: 'webSocketTransport keeps the contract',
  setup: async () => ({ transport: webSocketTransport(), server: await webSocketServer() }),
});
