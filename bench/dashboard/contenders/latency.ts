// From `print` to the reader, on jobs that print their time. Arguments: <address> <job ID>…
import { subscribe } from 'node:diagnostics_channel';
import { setTimeout as delay } from 'node:timers/promises';
import { DashboardClient } from '@raywire/dashboard';

/** What a reader prints: one line of JSON. */
export interface Latencies {
  /** Of each line: which one it is, as `<job>/<number>`, and the milliseconds from its `print`. */
  lines: [line: string, milliseconds: number][];
  /** Per tail, in the middle of the silence; 0 when the jobs were not silent for long. */
  idleRequestsPerSecond: number;
}

/** Idle: some time after the last line, when polling has eased. */
const EASED_AFTER_MS = 12_000;
const COUNTED_FOR_MS = 15_000;

const [address, ...jobIds] = process.argv.slice(2);
const client = new DashboardClient({ address });
const lines: Latencies['lines'] = [];
let requests = 0;
let ended = false;
subscribe('undici:request:create', () => {
  requests += 1;
});

async function read(jobId: string): Promise<void> {
  for await (const line of client.tailJobLogs(jobId)) {
    const now = performance.timeOrigin + performance.now();
    const match = /^(\d+) (\d+\.\d+)$/.exec(line);
    if (match !== null) lines.push([`${jobId}/${match[1]}`, now - Number(match[2])]);
  }
}

async function countWhileIdle(): Promise<number> {
  await delay(EASED_AFTER_MS, undefined, { ref: false });
  const [requestsBefore, linesBefore] = [requests, lines.length];
  await delay(COUNTED_FOR_MS, undefined, { ref: false });
  const wasIdle = !ended && lines.length === linesBefore;
  return wasIdle ? ((requests - requestsBefore) * 1000) / COUNTED_FOR_MS / jobIds.length : 0;
}

const counting = countWhileIdle();
let idleRequestsPerSecond = 0;
counting.then((rate) => {
  idleRequestsPerSecond = rate;
});
await Promise.all(jobIds.map(read));
ended = true;
await client.close();
const printed: Latencies = { lines, idleRequestsPerSecond };
process.stdout.write(`${JSON.stringify(printed)}\n`);
