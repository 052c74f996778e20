import { describeTransport, httpServer } from '@raywire/transport-testkit';
import { httpTransport } from './index.fetch.js';

describeTransport({
  name: 'httpTransport keeps the contract with fetch',
  setup: async () => ({ transport: httpTransport(), server: await httpServer() }),
  capabilities: { messages: false, upgrade: false, closeCodes: false, pings: false, ranges: true },
});
