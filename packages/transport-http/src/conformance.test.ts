import { describeTransport, httpServer } from '@raywire/transport-testkit';
import { httpTransport } from './index.js';

describeTransport({
  name: 'httpTransport keeps the contract with undici',
  setup: async () => ({ transport: httpTransport(), server: await httpServer() }),
  capabilities: { messages: false, upgrade: false, closeCodes: false, pings: false, ranges: true },
});
