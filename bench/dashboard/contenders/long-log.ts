// A long log read by ranges, to just before its end. Arguments: <address> <lines>
import { setTimeout as delay } from 'node:timers/promises';
import { DashboardClient, StreamLimits, type TailCursor } from '@raywire/dashboard';

/** What the program prints: one line of JSON. */
export interface LongLog {
  lines: number;
  /** Before the tail, after one of a short log. */
  startBytes: number;
  /** The kernel's own mark, so that no peak is missed: after a tenth of the log, and in the end. */
  tenthPeakBytes: number;
  peakBytes: number;
  /** Some lines before the end. */
  cursor: TailCursor;
}

const LINES_LEFT = 10;
const PAUSES = 10;
const PAUSE_MS = 150;

const [address, count] = process.argv.slice(2);
const client = new DashboardClient({ address, streamLimits: StreamLimits.unlimited() });
for await (const _line of client.streamTailJobLogs('lines-1000'));
const startBytes = process.memoryUsage.rss();
const total = Number(count);
const pauseEvery = Math.ceil(total / PAUSES);
const tail = client.streamTailJobLogs(`lines-${total}`);
let lines = 0;
let tenthPeakBytes = 0;
for await (const _line of tail) {
  lines += 1;
  if (lines === total - LINES_LEFT) break;
  if (lines % pauseEvery !== 0) continue;
  if (tenthPeakBytes === 0) tenthPeakBytes = peak();
  await delay(PAUSE_MS);
}
const { cursor } = tail;
if (cursor === undefined) throw new Error('the tail has no cursor');
await client.close();
const printed: LongLog = { lines, startBytes, tenthPeakBytes, peakBytes: peak(), cursor };
process.stdout.write(`${JSON.stringify(printed)}\n`);

function peak(): number {
  return process.resourceUsage().maxRSS * 1024;
}
