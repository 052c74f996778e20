import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AgentClient, type RunJobOptions } from '@raywire/agent';
import { createGateway, localDriver } from '@raywire/gateway';
import { describe, expect, it, onTestFinished } from 'vitest';

async function gatewayClient(): Promise<AgentClient> {
  const directory = await mkdtemp(join(tmpdir(), 'raywire-abort-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  const gateway = createGateway({ driver: localDriver({ directory }), token: 'token' });
  await gateway.listen();
  onTestFinished(() => gateway.close());
  const client = new AgentClient({ baseURL: gateway.url, agentToken: 'token' });
  onTestFinished(() => client.close());
  return client;
}

const reason = new Error('enough');
const thrown = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  );

/** Reads a run that is aborted at its first line. */
async function readUntilAbort(client: AgentClient, options: Partial<RunJobOptions>) {
  const abort = new AbortController();
  const run = client.runJob({ entrypoint: 'echo up; sleep 60', signal: abort.signal, ...options });
  const read = async (): Promise<void> => {
    for await (const _ of run) abort.abort(reason);
  };
  const error = await thrown(read());
  const { submission_id: jobId } = await run.submitted;
  return { run, error, jobId };
}

describe('a run whose signal is aborted', () => {
  it('stops its job with stopOnAbort, before its loop throws the reason', async () => {
    const client = await gatewayClient();
    const { run, error, jobId } = await readUntilAbort(client, { stopOnAbort: true });
    expect(error).toBe(reason);
    expect(await run.stopped).toEqual({ stopped: true });
    expect((await client.waitForJob(jobId)).status).toBe('STOPPED');
    expect(await thrown(run.result)).toBe(reason);
  });

  it('leaves it running without', async () => {
    const client = await gatewayClient();
    const { run, error, jobId } = await readUntilAbort(client, {});
    expect(error).toBe(reason);
    expect(run.stopped).toBeUndefined();
    expect((await client.getJob(jobId)).status).toBe('RUNNING');
  });

  it('stops its job too when the submission is still on its way', async () => {
    const client = await gatewayClient();
    const abort = new AbortController();
    const run = client.runJob({
      entrypoint: 'sleep 60',
      submissionId: 'on-its-way',
      signal: abort.signal,
      stopOnAbort: true,
    });
    abort.abort(reason);
    expect(await thrown(run.submitted)).toBe(reason);
    expect(await run.stopped).toEqual({ stopped: true });
    expect((await client.waitForJob('on-its-way')).status).toBe('STOPPED');
  });

  it('submits nothing where it was aborted before', async () => {
    const client = await gatewayClient();
    const run = client.runJob({ entrypoint: 'true', signal: AbortSignal.abort(reason), stopOnAbort: true });
    expect(await thrown(run.result)).toBe(reason);
    expect((await client.listJobs()).length).toBe(0);
  });

  it.each(['its log is read', 'its result is there'])('stops nothing once %s', async (how) => {
    const client = await gatewayClient();
    const abort = new AbortController();
    const run = client.runJob({ entrypoint: 'echo up', signal: abort.signal, stopOnAbort: true });
    if (how === 'its result is there') await run.result;
    else for await (const line of run) expect(line).toBe('up');
    abort.abort(reason);
    expect(run.stopped).toBeUndefined();
  });

  it('needs a signal for that', async () => {
    const client = await gatewayClient();
    expect(() => client.runJob({ entrypoint: 'true', stopOnAbort: true })).toThrow(/needs a signal/);
  });
});
