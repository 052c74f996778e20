// A gateway in a process of its own, to be killed: `node gateway-process.mjs <directory> <port>`.
import { createGateway, localDriver } from '@raywire/gateway';

const [, , directory, port] = process.argv;
const token = process.env.RAYWIRE_AGENT_TOKEN;
const gateway = createGateway({
  driver: localDriver({ directory, keepJobs: true }),
  token,
  port: Number(port),
});
await gateway.listen();
process.stdout.write(`${gateway.url}\n`);
process.once('SIGTERM', () => gateway.close());
