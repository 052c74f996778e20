// A gateway in a process of its own, closed by SIGTERM: `node closing-gateway.mjs local <directory>`, or
// `ray <address>`. It prints its URL, and then what holds the process before the gateway was made and after it was closed.
import { setImmediate } from 'node:timers/promises';
import { createGateway, localDriver, rayDriver } from '@raywire/gateway';

const [, , kind, place] = process.argv;
const drivers = {
  local: () => localDriver({ directory: place }),
  ray: () => rayDriver({ address: place, lingerMs: 60_000 }),
};
// Node opens standard output at its first use.
const { stdout } = process;
const before = process.getActiveResourcesInfo();
const gateway = createGateway({ driver: drivers[kind](), token: process.env.RAYWIRE_AGENT_TOKEN });
await gateway.listen();
stdout.write(`${gateway.url}\n`);
process.once('SIGTERM', async () => {
  await gateway.close();
  // A closed handle counts until the end of its turn.
  await setImmediate();
  await setImmediate();
  stdout.write(`${JSON.stringify({ before, after: process.getActiveResourcesInfo() })}\n`);
});
