import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AgentClient, JobFailedError } from '@raywire/agent';
import { createGateway, localDriver } from '@raywire/gateway';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { agentWith } from './tail-lab.js';

let client: AgentClient;
let closeAll: () => Promise<void>;

beforeAll(async () => {
  const directory = await mkdtemp(join(tmpdir(), 'raywire-last-lines-'));
  const gateway = createGateway({ driver: localDriver({ directory }), token: 'token-of-the-gateway' });
  await gateway.listen();
  client = new AgentClient({ baseURL: gateway.url, agentToken: 'token-of-the-gateway' });
  closeAll = async () => {
    await client.close();
    await gateway.close();
    await rm(directory, { recursive: true });
  };
});

afterAll(() => closeAll());

async function failureOf(job: Promise<unknown>): Promise<JobFailedError> {
  const error: unknown = await job.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(JobFailedError);
  return error as JobFailedError;
}

const entrypoint = 'for line in $(seq 30); do echo line $line; done; exit 4';
const lastLines = Array.from({ length: 20 }, (_, index) => `line ${index + 11}`);

describe('the error of a job that failed has the end of its log', () => {
  it('from waitForJob', async () => {
    const { submission_id: id } = await client.submitJob({ entrypoint });
    const error = await failureOf(client.waitForJob(id, { throwOnFailure: true }));
    expect(error).toMatchObject({ jobStatus: 'FAILED', exitCode: 4, lastLines });
  });

  it('from the result of runJob, whether or not its log is iterated', async () => {
    const unread = client.runJob({ entrypoint, throwOnFailure: true });
    expect(await failureOf(unread.result)).toMatchObject({ exitCode: 4, lastLines });
    const read = client.runJob({ entrypoint, throwOnFailure: true });
    const iterate = async (): Promise<void> => {
      for await (const _line of read);
    };
    expect(await failureOf(iterate())).toMatchObject({ exitCode: 4, lastLines });
  });

  it('with lines past the limit cut short', async () => {
    const long = "head -c 30000 /dev/zero | tr '\\0' x; echo; echo last; exit 4";
    const {
      lastLines: [first, ...rest],
    } = await failureOf(client.runJob({ entrypoint: long, throwOnFailure: true }).result);
    expect(first).toMatch(/^x{10000}/);
    expect(first?.length).toBeLessThan(10_240);
    expect(rest).toEqual(['last']);
  });

  it('and none where the server cannot be asked for it: the job has failed all the same', async () => {
    const old = await agentWith({ job: () => ({ job_id: 'job', status: 'FAILED', driver_exit_code: 4 }) });
    const error = await failureOf(old.client.waitForJob('job', { throwOnFailure: true }));
    expect(error).toMatchObject({ exitCode: 4, lastLines: [] });
  });
});
