import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AgentClient, JobFailedError, type TailEvent } from '@raywire/agent';
import { ConflictError, NotFoundError } from '@raywire/core';
import { createGateway, localDriver } from '@raywire/gateway';
import { spawnGateway } from '@raywire/testing';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';

const token = 'token-of-the-gateway';
const protocols = ['auto', 'websocket', 'http'] as const;
let directory: string;
let client: AgentClient;
let closeAll: () => Promise<void>;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'raywire-e2e-'));
  const gateway = createGateway({ driver: localDriver({ directory }), token });
  await gateway.listen();
  client = new AgentClient({
    baseURL: gateway.url,
    agentToken: token,
    streamLimits: { maxMessageSize: 100_000 },
  });
  closeAll = async () => {
    await client.close();
    await gateway.close();
    await rm(directory, { recursive: true });
  };
});

afterAll(() => closeAll());

async function submit(entrypoint: string): Promise<string> {
  return (await client.submitJob({ entrypoint })).submission_id;
}

async function collect(source: AsyncIterable<string>): Promise<string[]> {
  const lines: string[] = [];
  for await (const line of source) lines.push(line);
  return lines;
}

// A line is printed, then the job waits for the file: the test decides when it goes on.
const gated = (before: string, gate: string, after: string) =>
  `printf '${before}'; while [ ! -e ${gate} ]; do sleep 0.02; done; printf '${after}'`;

describe.each(protocols)('a job of the embedded gateway, tailed by %s', (protocol) => {
  it('is delivered as it was written: stderr, Unicode, a progress bar, no newline at the end', async () => {
    const jobId = await submit("echo ✓ one; echo two >&2; printf '10%%\\r50%%\\r100%%\\n\\nthe end'; exit 3");
    const tail = client.tailJobLogs(jobId, { protocol });
    expect(await collect(tail)).toEqual(['✓ one', 'two', '100%', '', 'the end']);
    expect(await tail.end).toMatchObject({
      reason: 'complete',
      jobStatus: 'FAILED',
      exitCode: 3,
      lines: 5,
      reconnects: 0,
    });
    expect(await client.getJobLogs(jobId)).toBe('✓ one\ntwo\n10%\r50%\r100%\n\nthe end');
  });

  it('comes while it runs, and goes on from any cursor in another client', async () => {
    const gate = join(directory, `gate-${protocol}`);
    const jobId = await submit(gated('a\\nb\\nc\\n', gate, 'd\\ne\\n'));
    const first = client.tailJobLogs(jobId, { protocol });
    const seen: string[] = [];
    let cursor: unknown;
    for await (const line of first) {
      seen.push(line);
      cursor = first.cursor;
      if (seen.length === 2) break;
    }
    expect(await first.end).toMatchObject({ reason: 'aborted' });
    const second = client.tailJobLogs(jobId, { protocol, cursor: JSON.parse(JSON.stringify(cursor)) });
    const rest = collect(second);
    await client.submitJob({ entrypoint: `touch ${gate}` });
    expect([...seen, ...(await rest)]).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  it('can be begun before its end, and read to its present end', async () => {
    const gate = join(directory, `tail-gate-${protocol}`);
    const jobId = await submit(gated('a\\nb\\nc\\nhalf', gate, ' whole\\nlast\\n'));
    const tail = client.tailJobLogs(jobId, { protocol, tailLines: 1 });
    const lines = tail[Symbol.asyncIterator]();
    // The tail may come before the job has printed anything; its lines then begin earlier, never later.
    while ((await lines.next()).value !== 'c');
    const present = client.tailJobLogs(jobId, { protocol, follow: false });
    expect(await collect(present)).toEqual(['a', 'b', 'c']);
    expect(await present.end).toMatchObject({ reason: 'caughtUp', jobStatus: 'RUNNING' });
    const { cursor } = tail;
    await lines.return?.();
    await client.submitJob({ entrypoint: `touch ${gate}` });
    expect(await collect(client.tailJobLogs(jobId, { protocol, cursor }))).toEqual(['half whole', 'last']);
    expect(await collect(client.tailJobLogs(jobId, { protocol, tailLines: 2 }))).toEqual([
      'half whole',
      'last',
    ]);
    expect(await collect(client.tailJobLogs(jobId, { protocol, tailLines: 0 }))).toEqual([]);
  });

  it('shows the unfinished line as it grows', async () => {
    const gate = join(directory, `partial-gate-${protocol}`);
    const jobId = await submit(gated('1%%\\r2%%\\r3%%', gate, '\\rdone\\n'));
    const partial = Promise.withResolvers<string>();
    const tail = client.tailJobLogs(jobId, {
      protocol,
      onPartial: (text) => text.startsWith('3%') && partial.resolve(text),
    });
    const lines = collect(tail);
    expect(await partial.promise).toBe('3%');
    await client.submitJob({ entrypoint: `touch ${gate}` });
    expect(await lines).toEqual(['done']);
  });
});

describe('the whole method set on a gateway', () => {
  it('lists, reads, stops and deletes jobs', async () => {
    const jobId = await submit('sleep 60');
    expect([...(await client.listJobs())].map((job) => job.job_id)).toContain(jobId);
    await expect(client.deleteJob(jobId)).rejects.toThrow(ConflictError);
    expect(await client.stopJob(jobId)).toMatchObject({ stopped: true });
    const job = await client.waitForJob(jobId, { giveUpAfterMs: 10_000 });
    expect(job).toMatchObject({ status: 'STOPPED', submission_id: jobId, entrypoint: 'sleep 60' });
    await client.deleteJob(jobId);
    await expect(client.getJob(jobId)).rejects.toThrow(NotFoundError);
    await expect(collect(client.tailJobLogs(jobId))).rejects.toMatchObject({ statusCode: 404 });
  });

  it('runs a job from its submission to its result', async () => {
    const run = client.runJob({
      entrypoint: 'echo $GREETING; exit 7',
      runtimeEnv: { env_vars: { GREETING: 'hello' } },
    });
    expect(await collect(run)).toEqual(['hello']);
    expect(await run.result).toMatchObject({ status: 'FAILED', driver_exit_code: 7 });
    const checked = client.runJob({ entrypoint: 'echo so long; exit 1', throwOnFailure: true });
    const failure = await collect(checked).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(JobFailedError);
    expect(failure).toMatchObject({
      exitCode: 1,
      jobStatus: 'FAILED',
      lastLines: ['so long'],
      statusCode: undefined,
    });
  });

  it('takes an ID once, and says what it refuses', async () => {
    const submissionId = 'my-own_id-1';
    await client.submitJob({ entrypoint: 'true', submissionId });
    await expect(client.submitJob({ entrypoint: 'true', submissionId })).rejects.toThrow(ConflictError);
    await expect(client.submitJob({ entrypoint: ' ' })).rejects.toThrow(/entrypoint/);
    await expect(client.submitJob({ entrypoint: 'true', runtimeEnv: { pip: ['x'] } })).rejects.toMatchObject({
      statusCode: 400,
    });
    await expect(client.submitJob({ entrypoint: 'true', runtime_env: {} } as never)).rejects.toThrow(
      /runtimeEnv/,
    );
    await expect(client.getJob('x', { timeout: 5 } as never)).rejects.toThrow(/timeoutMs: 5000/);
    await expect(client.getJob('../x')).rejects.toMatchObject({ statusCode: 400 });
  });

  it('knows its nodes, tasks, applications and health', async () => {
    const [node] = await client.listNodes();
    expect(node).toMatchObject({ state: 'ALIVE', alive: true });
    expect(await client.getNode(node?.node_id as string)).toMatchObject({ alive: true });
    await expect(client.getNode('nobody')).rejects.toThrow(NotFoundError);
    const jobId = await submit('sleep 60');
    const taskOf = async () => (await client.listTasks()).items.find((item) => item.job_id === jobId);
    await expect.poll(async () => (await taskOf())?.name, { timeout: 5_000 }).toMatch(/sleep 60$/);
    const task = await taskOf();
    expect(task).toMatchObject({ state: 'RUNNING' });
    expect(await client.getTask(task?.task_id as string)).toMatchObject({ job_id: jobId });
    await client.stopJob(jobId);
    expect([...(await client.listServeApplications())]).toEqual([]);
    await expect(client.getServeApplication('my app')).rejects.toThrow(NotFoundError);
    await expect(client.deleteServeApplication('my app')).rejects.toThrow(NotFoundError);
    expect(await client.healthCheck()).toMatchObject({ status: 'ok', driver: 'local' });
    expect(await client.getGpuStatus()).toBeTypeOf('object');
  });

  it('ends the tails of a closed client loudly', async () => {
    const jobId = await submit('echo up; sleep 60');
    const other = new AgentClient({ baseURL: client.baseURL, agentToken: token });
    const tail = other.tailJobLogs(jobId);
    const lines = tail[Symbol.asyncIterator]();
    expect((await lines.next()).value).toBe('up');
    const waiting = expect(lines.next()).rejects.toMatchObject({ code: 'CLIENT_CLOSED' });
    await other.close();
    await waiting;
    await client.stopJob(jobId);
  });
});

describe('a gateway that is killed in mid-tail', () => {
  async function start(data: string, port: string) {
    const started = await spawnGateway({ token, directory: data, port: Number(port) });
    onTestFinished(() => started.signal('SIGKILL'));
    return started;
  }

  it.each(protocols)('is resumed by %s, and the job with it: every line once', async (protocol) => {
    const data = await mkdtemp(join(tmpdir(), 'raywire-killed-'));
    onTestFinished(() => rm(data, { recursive: true, force: true }));
    const first = await start(data, '0');
    const reconnect = { initialDelayMs: 50, maxDelayMs: 200 };
    const own = new AgentClient({ baseURL: first.url, agentToken: token, reconnect });
    onTestFinished(() => own.close());
    const entrypoint = `i=0; while [ $i -lt 300 ]; do echo line $i; i=$((i+1)); sleep 0.01; done`;
    const { submission_id: jobId } = await own.submitJob({ entrypoint });
    const events: TailEvent[] = [];
    const tail = own.tailJobLogs(jobId, { protocol, onEvent: (event) => events.push(event) });
    const lines: string[] = [];
    for await (const line of tail) {
      lines.push(line);
      if (lines.length !== 50) continue;
      first.signal('SIGKILL');
      await first.exited;
      await start(data, new URL(first.url).port);
    }
    expect(lines).toEqual(Array.from({ length: 300 }, (_, index) => `line ${index}`));
    expect(await tail.end).toMatchObject({ reason: 'complete' });
    expect(events.filter((event) => event.type === 'connect').length).toBeGreaterThan(1);
  });
});
