import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AgentClient, StreamLimits, type TailEnd } from '@raywire/agent';
import { createGateway, type GatewayEvent, type JobDriver, localDriver, rayDriver } from '@raywire/gateway';
import { type Collected, collect, spawnGateway, startRayHead } from '@raywire/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { MemoryJobs } from './lab/memory-jobs.js';
import { mountSmallDisk, type SmallDisk, whyNoSmallDisk } from './lab/small-disk.js';

const TOKEN = 'token-on-a-full-disk';
const closing: { close(): Promise<unknown> }[] = [];
afterEach(async () => {
  const failures: unknown[] = [];
  // Whatever fails to close, no disk stays mounted.
  for (const open of closing.splice(0).reverse()) await open.close().catch((error) => failures.push(error));
  expect(failures).toEqual([]);
});

async function mount(kibibytes: number): Promise<SmallDisk> {
  const disk = await mountSmallDisk(kibibytes);
  closing.push(disk);
  return disk;
}

async function serve(driver: JobDriver) {
  const events: GatewayEvent[] = [];
  const gateway = createGateway({ driver, token: TOKEN, onEvent: (event) => events.push(event) });
  await gateway.listen();
  const client = new AgentClient({
    baseURL: gateway.url,
    agentToken: TOKEN,
    maxRetries: 0,
    streamLimits: StreamLimits.unlimited(),
  });
  closing.push(gateway, client);
  const told = () => events.filter((event) => event.type === 'error').map(({ error }) => String(error));
  return { gateway, client, events, told };
}

const why = await whyNoSmallDisk();

describe.skipIf(why !== undefined)(`on a full disk${why === undefined ? '' : ` (${why})`}`, () => {
  it('jobs of the local driver run to their ends, all are told what is missing, and all is stored later', async () => {
    const disk = await mount(256);
    const elsewhere = await mkdtemp(join(tmpdir(), 'raywire-go-'));
    closing.push({ close: () => rm(elsewhere, { recursive: true, force: true }) });
    const go = join(elsewhere, 'go');
    const first = await serve(localDriver({ directory: disk.directory }));
    const { client } = first;
    const submit = (jobId: string, entrypoint: string) =>
      client.submitJob({ submissionId: jobId, entrypoint });
    await submit('silent', `while [ ! -e '${go}' ]; do sleep 0.05; done; exit 3`);
    await submit(
      'chatty',
      `echo begun; while [ ! -e '${go}' ]; do sleep 0.05; done; yes more | head -n 5000 2>/dev/null || exit 4`,
    );
    const tails = ['silent', 'chatty'].map((jobId) => collect(client.tailJobLogs(jobId)));

    await submit('filling', 'exec yes 2>/dev/null');
    const filling = await collect(client.tailJobLogs('filling'));
    await disk.fill();
    expect(filling.lines.every((line, index) => line === 'y' || index === filling.lines.length - 1)).toBe(
      true,
    );
    expect(filling.end).toMatchObject({ reason: 'complete', jobStatus: 'FAILED', exitCode: 1 });

    await expect(submit('refused', 'true')).rejects.toMatchObject({
      statusCode: 503,
      message: expect.stringMatching(/not started.*full/),
    });
    await writeFile(go, '');
    const [silent, chatty] = (await Promise.all(tails)) as [Collected<TailEnd>, Collected<TailEnd>];
    expect(silent).toMatchObject({
      lines: [],
      end: { reason: 'complete', jobStatus: 'FAILED', exitCode: 3 },
    });
    // What the job itself could not write is in no log; that it failed is told.
    expect(chatty.end).toMatchObject({ reason: 'complete', jobStatus: 'FAILED', exitCode: 4 });
    expect(chatty.lines.length).toBeLessThan(5_000);
    const file = await readFile(join(disk.directory, 'logs', 'chatty.log'), 'utf8');
    expect(chatty.lines.join('\n')).toBe(file.replace(/\n$/, ''));
    expect(await client.getJob('silent')).toMatchObject({ status: 'FAILED', driver_exit_code: 3 });
    expect((await client.listJobs()).items.map(({ status }) => status)).toEqual(Array(3).fill('FAILED'));
    expect(first.told().join('\n')).toMatch(/database or disk is full/);

    await client.deleteJob('filling');
    await submit('again', 'echo there is room');
    expect((await collect(client.tailJobLogs('again'))).lines).toEqual(['there is room']);
    await first.gateway.close();
    const second = await serve(localDriver({ directory: disk.directory }));
    const stored = (await second.client.listJobs()).items.map(
      ({ job_id, status, driver_exit_code: code }) => [job_id, status, code],
    );
    expect(stored).toEqual([
      ['again', 'SUCCEEDED', 0],
      ['chatty', 'FAILED', 4],
      ['silent', 'FAILED', 3],
    ]);
  });

  it('a gateway of the local driver begins in a new folder, says what is missing, and runs jobs when there is room', async () => {
    const disk = await mount(128);
    await disk.fill();
    const { client, told } = await serve(localDriver({ directory: join(disk.directory, 'new', 'folder') }));
    expect(told().join('\n')).toMatch(/full|no space/i);
    expect(await client.healthCheck()).toMatchObject({ status: 'ok' });
    expect((await client.listJobs()).items).toEqual([]);
    await expect(client.getJob('job')).rejects.toMatchObject({ statusCode: 404 });
    await expect(client.submitJob({ entrypoint: 'true' })).rejects.toMatchObject({
      statusCode: 503,
      message: expect.stringMatching(/not started.*(full|no space)/i),
    });
    await disk.makeRoom();
    await client.submitJob({ submissionId: 'job', entrypoint: 'echo there is room' });
    expect((await collect(client.tailJobLogs('job'))).lines).toEqual(['there is room']);
  });

  it.each(['closed', 'killed'])(
    'a gateway of the local driver begins where one was %s, and serves its jobs and their logs',
    async (how) => {
      const disk = await mount(256);
      const directory = join(disk.directory, 'data');
      const first = await spawnGateway({ directory, token: TOKEN });
      closing.push(first);
      const before = new AgentClient({ baseURL: first.url, agentToken: TOKEN });
      closing.push(before);
      await before.submitJob({ submissionId: 'job', entrypoint: 'echo one; echo two; exit 3' });
      await collect(before.tailJobLogs('job'));
      first.signal(how === 'killed' ? 'SIGKILL' : 'SIGTERM');
      await first.exited;
      await disk.fill();
      const { client, told } = await serve(localDriver({ directory }));
      expect(told().join('\n')).toMatch(/full/);
      expect((await client.listJobs()).items).toMatchObject([{ job_id: 'job', driver_exit_code: 3 }]);
      expect(await collect(client.tailJobLogs('job'))).toMatchObject({
        lines: ['one', 'two'],
        end: { reason: 'complete', exitCode: 3 },
      });
      await expect(client.submitJob({ entrypoint: 'true' })).rejects.toMatchObject({ statusCode: 503 });
      await disk.makeRoom();
      await client.submitJob({ submissionId: 'next', entrypoint: 'echo there is room' });
      expect((await collect(client.tailJobLogs('next'))).lines).toEqual(['there is room']);
    },
  );

  it('the end of a job that could not be stored until the gateway closed is told by its close', async () => {
    const disk = await mount(128);
    const { client, gateway } = await serve(localDriver({ directory: disk.directory }));
    await client.submitJob({ submissionId: 'running', entrypoint: 'exec sleep 60' });
    await disk.fill();
    await expect(gateway.close()).rejects.toThrow(/not stored: running/);
    closing.splice(closing.indexOf(gateway), 1);
  });

  it.each(['websocket', 'http'])(
    'a log that cannot be spooled is served from the cluster, and the owner of the gateway is told (%s)',
    async (protocol) => {
      const disk = await mount(8 * 1_024);
      await disk.fill(512 * 1_024);
      const jobs = new MemoryJobs();
      const dashboard = await startRayHead({ driver: jobs.driver, agentAddress: () => dashboard.url });
      closing.push(dashboard);
      const add = (jobId: string, text: string) =>
        jobs.add(jobId, { bytes: Buffer.from(text), life: 'ended', readBytes: 64 * 1_024, startTime: 1 });
      const log = Array.from({ length: 40_000 }, (_, index) => `line ${index} ${'x'.repeat(60)}`);
      add('long', `${log.join('\n')}\n`);
      add('short', 'one\ntwo\n');
      const driver = rayDriver({ address: dashboard.url, spoolDirectory: disk.directory });
      const { client, events } = await serve(driver);
      const tailed = (jobId: string) => collect(client.tailJobLogs(jobId, { protocol }));

      const whole = await tailed('long');
      expect(whole.error).toBeUndefined();
      expect(whole.lines).toEqual(log);
      expect(await client.getJobLogs('long')).toBe(`${log.join('\n')}\n`);
      expect(events.filter(({ type }) => type === 'error')).toContainEqual({
        type: 'error',
        jobId: 'long',
        error: expect.objectContaining({ message: expect.stringMatching(/could not be spooled: ENOSPC/) }),
      });

      await disk.makeRoom();
      const before = events.length;
      expect((await tailed('short')).lines).toEqual(['one', 'two']);
      expect((await tailed('long')).lines).toEqual(log);
      expect(events).toHaveLength(before);
    },
  );
});
