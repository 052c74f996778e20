import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { expectedRead } from '../lines/expected-read.ts';
import { describeLines, type LineKind } from '../lines/log-lines.ts';
import type { Row } from '../results.ts';
import type { Wire } from './contenders/frame-counter.ts';
import type { ViewersMeasured } from './contenders/viewers.ts';
import type { ProcessUse } from './server/gateway-server.ts';
import { BenchGateway } from './start-gateway.ts';

/** How many watch, and what. */
export interface ViewersOptions {
  wire: Wire;
  kind: LineKind;
  /** Of the gateway's Node. */
  flags: string[];
  viewers: number;
  /** That each viewer gets. */
  lines: number;
  /** At which the job prints; `null`: as fast as it can. */
  linesPerSecond: number | null;
}

/** What is loaded at first use, and optimized later, is no viewer's: some come and go before the measurement. */
const WARM_UP = { viewers: 100, lines: 3_000 };
const SETTLE_MS = 500;
const TARGET = { atLeast: 1_000_000, unit: 'lines/s' };
const RSS_TARGET = { atMost: 32, unit: 'KiB' };
const KIBIBYTE = 1024;

/** Many viewers of one job, in a process of their own beside the gateway's. */
export async function measureManyViewers(options: ViewersOptions): Promise<Row[]> {
  const { wire, kind, flags, viewers, linesPerSecond } = options;
  const gateway = await BenchGateway.start({ flags });
  try {
    await view(gateway, 'warm-up', { ...options, ...WARM_UP });
    const before = await gateway.use();
    const { quiet, after, measured } = await view(gateway, 'measured', options);
    const rate =
      linesPerSecond === null ? 'as fast as it can' : `${linesPerSecond.toLocaleString('en')} lines/s`;
    const lines = kind === 'plain' ? [] : [describeLines(kind)];
    const what = [`${wire}, a job that prints ${rate}`, ...lines, ...flags].join(', ');
    const kibibytes = (bytes: number) => (bytes - before.rssBytes) / viewers / KIBIBYTE;
    const cores = (milliseconds: number) => ({ value: milliseconds / measured.milliseconds, unit: 'cores' });
    return [
      {
        name: `${what}: to all viewers`,
        ...{
          value: Math.round((measured.lines * 1000) / measured.milliseconds),
          unit: 'lines/s',
          target: TARGET,
        },
      },
      { name: `${what}: gateway`, ...cores(after.cpuMilliseconds - quiet.cpuMilliseconds) },
      { name: `${what}: the viewers' process`, ...cores(measured.cpuMilliseconds) },
      { name: `${what}: RSS of each, before the job goes on`, value: kibibytes(quiet.rssBytes), unit: 'KiB' },
      {
        name: `${what}: RSS of each, peak`,
        ...{ value: kibibytes(after.peakRssBytes), unit: 'KiB', target: RSS_TARGET },
      },
    ];
  } finally {
    await gateway.close();
  }
}

/** One job and its viewers, each of which gets every line. */
async function view(
  gateway: BenchGateway,
  id: string,
  options: ViewersOptions,
): Promise<{ quiet: ProcessUse; after: ProcessUse; measured: ViewersMeasured }> {
  const { wire, kind, viewers, lines, linesPerSecond } = options;
  const job = await gateway.submitHeld(id, kind, lines, linesPerSecond ?? undefined);
  const program = `${import.meta.dirname}/contenders/viewers.ts`;
  const { bytes } = expectedRead(kind, lines, 'printed');
  const parameters = [gateway.url, id, lines, bytes, viewers, wire, kind].map(String);
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
