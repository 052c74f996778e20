import { createGateway, type JobDriver, type JobLog, rayDriver } from '@raywire/gateway';
import type { CutKind } from '@raywire/testing';
import * as fc from 'fast-check';
import { afterEach, expect, it, onTestFinished } from 'vitest';
import { type DashboardLaboratory, openDashboardLaboratory } from './lab/dashboard-laboratory.js';
import { sampleLog } from './lab/sample-log.js';

/** Of the answer, which begins with about 250 bytes of headers. */
const STRIDE = 97;

let laboratory: DashboardLaboratory;
let driver: JobDriver;

afterEach(async () => {
  await driver.close?.();
  await laboratory.close();
});

async function open(lingerMs = 0): Promise<void> {
  laboratory = await openDashboardLaboratory();
  driver = rayDriver({ address: laboratory.proxy.url, token: 'token-of-the-laboratory', lingerMs });
}

/** All bytes of a log, from its beginning to its end. */
async function bytesOf(log: JobLog): Promise<string> {
  const parts: Uint8Array[] = [];
  for (let position = 0; ; ) {
    const changed = new Promise<void>((resolve) => {
      const unwatch = log.watch(() => {
        unwatch();
        resolve();
      });
    });
    const bytes = await log.read(position, 1 << 20);
    parts.push(bytes);
    position += bytes.length;
    if (bytes.length > 0) continue;
    if (log.end !== undefined) return Buffer.concat(parts).toString();
    await changed;
  }
}

it('a log that stands in the middle of a line is followed from there', async () => {
  await open();
  const text = 'a line\n 10%\r 20%\r 30%\rdone\nthe end';
  // Grows by three bytes, so that it is read in the middle of most lines.
  const jobId = laboratory.addJob({ text, life: 'running', dashboard: { growBytes: 3, startBytes: 9 } });
  const log = await driver.openLog(jobId, 0);
  expect(await bytesOf(log)).toBe(text);
  expect(log.end).toMatchObject({ status: 'SUCCEEDED', exitCode: 0, size: text.length });
  await log.close();
});

it.each<CutKind>(['fin', 'reset'])(
  'no viewer sees that the cluster was lost by %s, wherever',
  async (how) => {
    await open();
    const { text } = sampleLog();
    const { seed = 0 } = fc.readConfigureGlobal();
    const cuts: number[] = [];
    for (let after = Math.abs(seed) % STRIDE; after < Buffer.byteLength(text); after += STRIDE)
      cuts.push(after);
    const read = cuts.map(async (after) => {
      const jobId = laboratory.addJob({ text, life: 'running', dashboard: { growBytes: 1_500 } });
      for (const source of ['dashboard-ranges', 'dashboard-files'] as const)
        laboratory.proxy.plan(laboratory.logOf(source, jobId), [
          { cut: { after, how } },
          { cut: { after, how } },
        ]);
      const log = await driver.openLog(jobId, 0);
      const bytes = await bytesOf(log);
      await log.close();
      return bytes === text ? undefined : `${after}: ${bytes.length} of ${text.length}`;
    });
    expect((await Promise.all(read)).filter((problem) => problem !== undefined)).toEqual([]);
  },
);

/** Reads whole logs through a gateway in front of the driver. */
async function serve(): Promise<(jobId: string) => Promise<string>> {
  const gateway = createGateway({ driver, token: 'token-of-the-gateway' });
  await gateway.listen();
  onTestFinished(() => gateway.close());
  const headers = { authorization: gateway.token };
  return async (jobId) => (await fetch(`${gateway.url}/jobs/${jobId}/logs/`, { headers })).text();
}

it('all readers of a log share one read from the cluster, also after the last one has left and the cluster is away', async () => {
  await open(60_000);
  const read = await serve();
  const text = 'a log\n'.repeat(1_000);
  const jobId = laboratory.addJob({ text, life: 'ended' });
  const log = laboratory.logOf('dashboard-ranges', jobId);
  laboratory.proxy.plan(log, []);
  expect(await read(jobId)).toBe(text);
  const once = laboratory.proxy.answered(log).length;
  expect(await Promise.all([read(jobId), read(jobId), read(jobId)])).toEqual([text, text, text]);
  expect(laboratory.proxy.answered(log)).toHaveLength(once);
  await laboratory.proxy.close();
  expect(await read(jobId)).toBe(text);
});

it('who comes after a job was replaced under its ID gets the log of the new one, however long the old one lingers', async () => {
  await open(60_000);
  const read = await serve();
  const jobId = laboratory.addJob({ text: 'the old log\n', life: 'ended' });
  expect(await read(jobId)).toBe('the old log\n');
  laboratory.replaceJob(jobId, { text: 'quite another log\n', life: 'ended', dashboard: { startTime: 2 } });
  expect(await read(jobId)).toBe('quite another log\n');
});
