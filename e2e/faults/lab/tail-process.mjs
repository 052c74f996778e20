// A client in a process of its own, to be stopped: `node tail-process.mjs <url> <token> <job> <protocol>`.
import { AgentClient, StreamLimits } from '@raywire/agent';

const [, , baseURL, agentToken, jobId, protocol] = process.argv;
const client = new AgentClient({
  baseURL,
  agentToken,
  streamLimits: StreamLimits.unlimited(),
  reconnect: { initialDelayMs: 10, maxDelayMs: 50, budget: 5 },
  heartbeat: { intervalMs: 200, timeoutMs: 600 },
});
const tail = client.tailJobLogs(jobId, { protocol });
for await (const line of tail) process.stdout.write(`${line}\n`);
const { reason, reconnects } = await tail.end;
process.stderr.write(JSON.stringify({ reason, reconnects }));
await client.close();
