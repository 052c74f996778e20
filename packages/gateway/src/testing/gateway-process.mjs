// A gateway in a process of its own, for tests that kill it: `node gateway-process.mjs <directory> <keep|stop>`.
import { createGateway, localDriver } from '../../dist/index.js';

const [, , directory, onClose] = process.argv;
const gateway = createGateway({
  driver: localDriver({ directory, keepJobs: onClose === 'keep' }),
  token: process.env.RAYWIRE_AGENT_TOKEN,
});
await gateway.listen();
process.stdout.write(`${gateway.url}\n`);
// Nothing else ends the process: when it exits, nothing was left open.
process.once('SIGTERM', () => gateway.close());
