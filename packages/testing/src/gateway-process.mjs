// A gateway in a process of its own: `node gateway-process.mjs <directory> <port> <keep|stop> [<origin>…]`.
import { createGateway, localDriver } from '@raywire/gateway';

const [, , directory, port, onClose, ...corsOrigins] = process.argv;
const gateway = createGateway({
  driver: localDriver({ directory, keepJobs: onClose === 'keep' }),
  token: process.env.RAYWIRE_AGENT_TOKEN,
  port: Number(port),
  corsOrigins,
});
await gateway.listen();
process.stdout.write(`${gateway.url}\n`);
// Nothing else ends the process: when it exits, nothing was left open.
process.once('SIGTERM', () => gateway.close());
