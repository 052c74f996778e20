import { AgentClient } from '@raywire/agent';
import type { DashboardClient, TailEvent } from '@raywire/dashboard';
import { createGateway, rayDriver } from '@raywire/gateway';
import { afterAll, beforeAll, describe, expect, inject, it, onTestFinished } from 'vitest';
import { newClient } from './ray-suite.ts';

let client: DashboardClient;

beforeAll(() => {
  client = newClient();
});

afterAll(() => client.close());

type Waiting = TailEvent & { type: 'waiting' };

describe('a job that asks for more than there is', () => {
  it('is told to wait, with what it asks for and what is free; cannot be stopped or deleted yet', async () => {
    const { submission_id: jobId } = await client.submitJob({ entrypoint: 'true', entrypointNumCpus: 64 });
    const waiting = Promise.withResolvers<Waiting>();
    const tail = client.tailJobLogs(jobId, {
      onEvent: (event) => {
        if (event.type === 'waiting' && event.asks && event.free) waiting.resolve(event);
      },
    });
    const read = tail[Symbol.asyncIterator]().next();
    onTestFinished(() => tail.close());
    const { message, asks, free } = await waiting.promise;
    expect(message).toMatch(/has not started yet.*waiting for resources/);
    expect(asks).toMatchObject({ CPU: 64 });
    expect(free?.CPU).toBeLessThanOrEqual(2);
    expect(await client.stopJob(jobId)).toEqual({
      stopped: false,
      jobStatus: 'PENDING',
      reason: expect.stringContaining('has not started'),
    });
    await expect(client.deleteJob(jobId)).rejects.toMatchObject({
      statusCode: 409,
      message: expect.stringContaining('stop it first'),
    });
    await expect(client.stopJob(jobId, { untilStopped: true, giveUpAfterMs: 300 })).rejects.toThrow(
      /still PENDING after 300 ms/,
    );
    await tail.close();
    await read;
    expect(await tail.end).toMatchObject({ reason: 'aborted', jobStatus: 'PENDING', message });
  });

  it('is told so through a gateway too', async () => {
    const gateway = createGateway({ driver: rayDriver({ address: inject('address') }), token: 'token' });
    await gateway.listen();
    onTestFinished(() => gateway.close());
    const viewer = new AgentClient({ baseURL: gateway.url, agentToken: 'token' });
    onTestFinished(() => viewer.close());
    const { id } = await viewer.submitJob({ entrypoint: 'true', entrypointNumCpus: 64 });
    expect(await viewer.stopJob(id)).toMatchObject({ stopped: false, jobStatus: 'PENDING' });
  });
});

it('a job that runs is stopped, and waited for', async () => {
  const { submission_id: jobId } = await client.submitJob({ entrypoint: 'sleep 60' });
  expect(await client.stopJob(jobId, { untilStopped: true })).toEqual({
    stopped: true,
    jobStatus: 'STOPPED',
  });
});

it('a run is stopped with its signal', async () => {
  const abort = new AbortController();
  const reason = new Error('enough');
  const run = client.runJob({ entrypoint: 'echo up; sleep 60', signal: abort.signal, stopOnAbort: true });
  const read = async (): Promise<void> => {
    for await (const _ of run) abort.abort(reason);
  };
  await expect(read()).rejects.toBe(reason);
  expect(await run.stopped).toEqual({ stopped: true });
  const { submission_id: jobId } = await run.submitted;
  expect(await client.waitForJob(jobId)).toMatchObject({ status: 'STOPPED' });
});

it('a job that fails before its driver starts says why at the end of its tail', async () => {
  const { submission_id: jobId } = await client.submitJob({
    entrypoint: 'true',
    runtimeEnv: { working_dir: 'https://127.0.0.1:9/nothing.zip' },
  });
  const tail = client.tailJobLogs(jobId);
  for await (const _ of tail);
  expect(await tail.end).toMatchObject({
    reason: 'complete',
    jobStatus: 'FAILED',
    lines: 0,
    message: expect.stringMatching(/runtime env/i),
  });
});

describe('the wrong client, or the wrong address', () => {
  const wrong = (make: () => AgentClient | DashboardClient) => {
    const made = make();
    onTestFinished(() => made.close());
    return made;
  };

  it('is told which class to use', async () => {
    const agent = wrong(() => new AgentClient({ baseURL: inject('address'), agentToken: 'token' }));
    for (const call of [
      () => agent.listJobs(),
      () => agent.getJob('job'),
      () => agent.stopJob('job'),
      () => agent.submitJob({ entrypoint: 'true' }),
      () => agent.tailJobLogs('job')[Symbol.asyncIterator]().next(),
    ]) {
      await expect(call()).rejects.toMatchObject({
        code: 'UNSUPPORTED_BY_SERVER',
        message: expect.stringMatching(/dashboard of Ray .*use DashboardClient/),
      });
    }
  });

  it.each(['/api', '/api/jobs'])('is told that its path is too long: %s', async (path) => {
    const lost = wrong(() => newClient({ address: inject('address') + path }));
    await expect(lost.getJob('job')).rejects.toMatchObject({
      code: 'UNSUPPORTED_BY_SERVER',
      message: expect.stringContaining(`without its last path, ${inject('address')}/`),
    });
  });

  it('is not what a job is that is not there', async () => {
    await expect(client.getJob('nobody')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});
