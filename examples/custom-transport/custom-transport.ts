// Tails a job over a transport of one's own: the client is core, ray and forty lines.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createGateway, localDriver } from '@raywire/gateway';
import { agentBackend, createRayClient } from '@raywire/ray';
import { nodeHttpTransport } from './node-http-transport.ts';

const agentToken = crypto.randomUUID();
const directory = await mkdtemp(join(tmpdir(), 'raywire-custom-transport-'));
const gateway = createGateway({ driver: localDriver({ directory }), token: agentToken, port: 0 });
await gateway.listen();

const client = createRayClient({
  backend: agentBackend({ baseURL: gateway.url, agentToken }),
  transports: [nodeHttpTransport()],
});
const { job_id: jobId } = await client.submitJob({
  entrypoint: 'for i in 1 2 3; do echo "line $i"; sleep 0.2; done',
});
const tail = client.tailJobLogs(jobId);
for await (const line of tail) console.log(line);
const end = await tail.end;
console.log(`${end.reason}: ${end.lines} lines over ${end.transport}, exit code ${end.exitCode}`);

await client.close();
await gateway.close();
await rm(directory, { recursive: true });
