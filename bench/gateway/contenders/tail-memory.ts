// The memory of one tail, beside the client that is idle: it has tailed a short log, and waits.
// Arguments: <base URL> <job ID of a short log> <job ID> websocket|http
import { AgentClient, StreamLimits } from '@raywire/agent';
import { TOKEN } from '../start-gateway.ts';

/** What the program prints: one line of JSON. */
export interface TailMemory {
  lines: number;
  idleBytes: number;
  /** While it tailed the log. */
  peakBytes: number;
}

const LOOK_MS = 10;
const [baseURL = '', shortJobId = '', jobId = '', wire] = process.argv.slice(2);
const client = new AgentClient({ baseURL, agentToken: TOKEN, streamLimits: StreamLimits.unlimited() });
const tailOf = (id: string) =>
  wire === 'websocket' ? client.websocketTailJobLogs(id) : client.streamTailJobLogs(id);
for await (const _line of tailOf(shortJobId));
const idleBytes = process.memoryUsage.rss();
// The kernel's own mark misses no peak, but it may be one of before.
const markAtIdle = process.resourceUsage().maxRSS;
let peakBytes = idleBytes;
const look = () => {
  peakBytes = Math.max(peakBytes, process.memoryUsage.rss());
};
const looking = setInterval(look, LOOK_MS);
let lines = 0;
for await (const _line of tailOf(jobId)) lines += 1;
look();
clearInterval(looking);
const mark = process.resourceUsage().maxRSS;
if (mark > markAtIdle) peakBytes = mark * 1024;
await client.close();
const memory: TailMemory = { lines, idleBytes, peakBytes };
process.stdout.write(`${JSON.stringify(memory)}\n`);
