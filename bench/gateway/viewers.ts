import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import type { Wire } from './contenders/frame-counter.ts';
import type { ViewersMeasured } from './contenders/viewers.ts';
import type { ProcessUse } from './server/gateway-server.ts';
import { BenchGateway } from './start-gateway.ts';

/** Many viewers of one job. */
export interface ManyViewers {
  wire: Wire;
  /** Of the gateway's Node. */
  flags: string[];
  viewers: number;
  /** That each viewer got. */
  lines: number;
  /** At which the job printed; `null`: as fast as it could. */
  linesPerSecond: number | null;
  /** Of all viewers together. */
  deliveredPerSecond: number;
  deliveredTarget: number;
  megabytesPerSecond: number;
  /** RSS of the gateway above that before them, by viewer: all there on a quiet job, and the peak of the delivery. */
  quietBytes: number;
  peakBytes: number;
  bytesTarget: number;
  seconds: number;
  /** Of the time of one core, while lines came. */
  gatewayCores: number;
  viewersCores: number;
}

/** What is loaded at first use, and optimized later, is no viewer's: some come and go before the measurement. */
const WARM_UP = { viewers: 100, lines: 3_000 };
const SETTLE_MS = 500;
const DELIVERED_TARGET = 1_000_000;
const BYTES_TARGET = 32 * 1024;

/** @param options.linesPerSecond of the job; `null`: as fast as it can */
export async function measureManyViewers(options: {
  wire: Wire;
  flags: string[];
  viewers: number;
  lines: number;
  linesPerSecond: number | null;
}): Promise<ManyViewers> {
  const gateway = await BenchGateway.start(...options.flags);
  try {
    await view(gateway, 'warm-up', { ...options, ...WARM_UP });
    const before = await gateway.use();
    const { quiet, after, measured } = await view(gateway, 'measured', options);
    const seconds = measured.milliseconds / 1000;
    return {
      ...options,
      deliveredPerSecond: measured.lines / seconds,
      deliveredTarget: DELIVERED_TARGET,
      megabytesPerSecond: measured.bytes / 1e6 / seconds,
      quietBytes: (quiet.rssBytes - before.rssBytes) / options.viewers,
      peakBytes: (after.peakRssBytes - before.rssBytes) / options.viewers,
      bytesTarget: BYTES_TARGET,
      seconds,
      gatewayCores: (after.cpuMilliseconds - quiet.cpuMilliseconds) / measured.milliseconds,
      viewersCores: measured.cpuMilliseconds / measured.milliseconds,
    };
  } finally {
    await gateway.close();
  }
}

/** One job and its viewers, each of which gets every line. */
async function view(
  gateway: BenchGateway,
  id: string,
  options: { wire: Wire; viewers: number; lines: number; linesPerSecond: number | null },
): Promise<{ quiet: ProcessUse; after: ProcessUse; measured: ViewersMeasured }> {
  const { wire, viewers, lines, linesPerSecond } = options;
  const job = await gateway.submitHeld(id, lines, linesPerSecond ?? undefined);
  const program = `${import.meta.dirname}/contenders/viewers.ts`;
  const parameters = [gateway.url, id, lines, viewers, wire].map(String);
  const child = spawn(process.execPath, [program, ...parameters], { stdio: ['ignore', 'pipe', 'inherit'] });
  const closed = once(child, 'close') as Promise<[code: number | null]>;
  const printed = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  if ((await printed.next()).done) throw new Error('The viewers did not come');
  await delay(SETTLE_MS);
  const quiet = await gateway.use();
  job.release();
  const last = await printed.next();
  const [code] = await closed;
  if (last.done || code !== 0) throw new Error(`The viewers ended with ${code}`);
  return { quiet, after: await gateway.use(), measured: JSON.parse(last.value) as ViewersMeasured };
}
