// The memory of one tail, beside the client that is idle: it has tailed a short log, and waits.
// Arguments: <base URL> <job ID of a short log> <job ID> websocket|http
import { AgentClient, StreamLimits } from '@raywire/agent';
import { TOKEN } from '../start-gateway.ts';

/** What the program prints: one line of JSON. */
export interface TailMemory {
  lines: number;
  idleBytes: number;
  /** The kernel's own mark, so that no peak is missed. */
  peakBytes: number;
}

const [baseURL = '', shortJobId = '', jobId = '', wire] = process.argv.slice(2);
const client = new AgentClient({ baseURL, agentToken: TOKEN, streamLimits: StreamLimits.unlimited() });
const tailOf = (id: string) =>
  wire === 'websocket' ? client.websocketTailJobLogs(id) : client.streamTailJobLogs(id);
for await (const _line of tailOf(shortJobId));
const idleBytes = process.memoryUsage.rss();
let lines = 0;
for await (const _line of tailOf(jobId)) lines += 1;
await client.close();
const memory: TailMemory = { lines, idleBytes, peakBytes: process.resourceUsage().maxRSS * 1024 };
process.stdout.write(`${JSON.stringify(memory)}\n`);
