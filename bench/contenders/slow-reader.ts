// A tail of a long log by a reader that pauses now and then. Arguments: <base URL> <lines> websocket|http
import { setTimeout as delay } from 'node:timers/promises';
import { AgentClient, StreamLimits } from '@raywire/agent';

/** What the program prints: one line of JSON. */
export interface MemoryUse {
  lines: number;
  /** Before anything was sent. */
  coldBytes: number;
  /** Before the tail, after one of a short log. */
  startBytes: number;
  /** The kernel's own mark, so that no peak is missed. */
  peakBytes: number;
}

const PAUSES = 20;
const PAUSE_MS = 150;

const [baseURL = '', count = '', wire] = process.argv.slice(2);
const client = new AgentClient({ baseURL, agentToken: 'bench', streamLimits: StreamLimits.unlimited() });
const jobId = `lines-${count}`;
const tailOf = (id: string) =>
  wire === 'websocket' ? client.websocketTailJobLogs(id) : client.streamTailJobLogs(id);
const coldBytes = process.memoryUsage.rss();
for await (const _line of tailOf('lines-1000'));
const startBytes = process.memoryUsage.rss();
const tail = tailOf(jobId);
const pauseEvery = Math.ceil(Number(count) / PAUSES);
let lines = 0;
for await (const _line of tail) {
  lines += 1;
  if (lines % pauseEvery === 0) await delay(PAUSE_MS);
}
await client.close();
const use: MemoryUse = {
  lines,
  coldBytes,
  startBytes,
  peakBytes: process.resourceUsage().maxRSS * 1024,
};
process.stdout.write(`${JSON.stringify(use)}\n`);
