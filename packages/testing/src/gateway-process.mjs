// A gateway in a process of its own: `node gateway-process.mjs <directory> <port> <keep|stop>`.
import { createGateway, localDriver } from '@raywire/gateway';

const [, , directory, port, onClose] = process.argv;
const gateway = createGateway({
  driver: localDriver({ directory, keepJobs: onClose === 'keep' }),
  token: process.env.RAYWIRE_AGENT_TOKEN,
  port: Number(port),
});
await gateway.listen();
process.stdout.write(`${gateway.url}\n`);
// Nothing else ends the process: when it exits, nothing was left open.
process.once('SIGTERM', () => gateway.close());
