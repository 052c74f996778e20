// A client in a process of its own, to be stopped: `node tail-process.mjs <url> <token> <job> <protocol>`.
import { AgentClient, StreamLimits } from '@raywire/agent';

const [, , baseURL, agentToken, jobId, protocol] = process.argv;
const client = new AgentClient({
  baseURL,
  agentToken,
  streamLimits: StreamLimits.unlimited(),
  reconnect: { initialDelayMs: 10, maxDelayMs: 50 },
  heartbeat: { intervalMs: 200, timeoutMs: 600 },
});
const tail = client.tailJobLogs(jobId, { protocol });
const startedAt = Date.now();
let earliest = startedAt;
let latest = startedAt;
for await (const line of tail) {
  process.stdout.write(`${line}\n`);
  earliest = Math.min(earliest, Date.now());
  latest = Math.max(latest, Date.now());
}
const { reason, reconnects } = await tail.end;
// How far its wall clock went to either side, in hours.
const wandered = [earliest, latest].map((time) => Math.round((time - startedAt) / 3_600_000));
process.stderr.write(JSON.stringify({ reason, reconnects, wandered }));
await client.close();
