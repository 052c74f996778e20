// Lists the functions of our packages that one warm `listJobs` enters, and fails where there are more of them than the
// number that is given. Unlike a time, the count is the same on a busy machine.
import { once } from 'node:events';
import { createServer } from 'node:http';
import { Session } from 'node:inspector/promises';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { AgentClient } from '../packages/agent/dist/index.js';

const [budget = Number.POSITIVE_INFINITY] = process.argv.slice(2).map(Number);
const server = createServer((_request, response) => response.end('[]')).listen(0, '127.0.0.1');
await once(server, 'listening');
const { port } = server.address() as AddressInfo;
const client = new AgentClient({ baseURL: `http://127.0.0.1:${port}`, agentToken: 'a-token' });
await client.listJobs();
// Until the socket is free to be used again.
await delay(20);

const session = new Session();
session.connect();
await session.post('Profiler.enable');
await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: false });
await client.listJobs();
const { result } = await session.post('Profiler.takePreciseCoverage');
session.disconnect();
await client.close();
server.close();

const entered = result
  .filter(({ url }) => /\/packages\/[\w-]+\/dist\//.test(url))
  .flatMap(({ url, functions }) => functions.map((entry) => ({ url, ...entry })))
  .filter(({ ranges: [range] }) => range !== undefined && range.count > 0);
for (const { url, functionName } of entered) {
  console.log(`${url.split('/packages/')[1]} ${functionName || '(anonymous)'}`);
}
console.log(`One listJobs enters ${entered.length} functions.`);
if (entered.length > budget) process.exitCode = 1;
