// Many viewers of one log in one process. Arguments: <base URL> <job ID> <lines> <their bytes> <viewers>
// websocket|sse mix|plain
// Prints `{"open": …}` when each viewer has its first line, and `ViewersMeasured` when each has the end of the log.
import type { Wire } from './frame-counter.ts';
import { RawViewer } from './raw-viewer.ts';

/** What the program prints in the end: one line of JSON. */
export interface ViewersMeasured {
  /** Of all viewers. */
  lines: number;
  bytes: number;
  /** From the first lines after the job was released to the end of the last viewer. */
  milliseconds: number;
  /** Of this process, in that time. */
  cpuMilliseconds: number;
}

const HANDSHAKES_AT_ONCE = 50;

const [baseURL = '', jobId = '', lines = '', bytes = '', viewers = '', wire, kind] = process.argv.slice(2);
const count = Number(viewers);
let start: number | undefined;
let cpuAtStart = process.cpuUsage();

function noteStart(): void {
  if (start !== undefined) return;
  start = performance.now();
  cpuAtStart = process.cpuUsage();
}

const all: RawViewer[] = [];
while (all.length < count) {
  const length = Math.min(HANDSHAKES_AT_ONCE, count - all.length);
  const some = Array.from({ length }, () => new RawViewer(baseURL, jobId, wire as Wire, noteStart));
  all.push(...some);
  await Promise.all(some.map((viewer) => Promise.race([viewer.seesFirstLine, viewer.seesEnd])));
}
process.stdout.write(`${JSON.stringify({ open: all.length })}\n`);
await Promise.all(all.map(({ seesEnd }) => seesEnd));
const milliseconds = performance.now() - (start as number);
const { user, system } = process.cpuUsage(cpuAtStart);
for (const { counter } of all) {
  if (counter.logBytes !== Number(bytes)) throw new Error(`${counter.logBytes} of ${bytes} bytes came`);
  if (kind === 'plain' && counter.plainLines !== Number(lines))
    throw new Error(`${counter.plainLines} of ${lines} lines came`);
}
const measured: ViewersMeasured = {
  lines: all.length * Number(lines),
  bytes: all.reduce((sum, { counter }) => sum + counter.bytes, 0),
  milliseconds,
  cpuMilliseconds: (user + system) / 1000,
};
process.stdout.write(`${JSON.stringify(measured)}\n`);
