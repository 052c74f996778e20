import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BrowserTrafficBlockedError, fetchRequester, NotFoundError, ValidationError } from '@raywire/core';
import { type DashboardClient, JobFailedError, type UploadProgress } from '@raywire/dashboard';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import WebSocket from 'ws';
import { IS_OLDER_RAY } from './python-environment.ts';
import { driverLog, exactLines, jobCommand, newClient } from './ray-suite.ts';

let client: DashboardClient;

beforeAll(() => {
  client = newClient();
});

afterAll(() => client.close());

async function linesOf(lines: AsyncIterable<string>): Promise<string[]> {
  const all: string[] = [];
  for await (const line of lines) all.push(line);
  return all;
}

describe('jobs', () => {
  it('run to their end, with their log, their details and their exit code', async () => {
    const run = client.runJob({
      entrypoint: `${jobCommand('unfinished.py')}; exit 4`,
      metadata: { team: 'a' },
      runtimeEnv: { env_vars: { GREETING: 'hello' } },
      throwOnFailure: true,
    });
    await expect(linesOf(run)).rejects.toSatisfy((error) => JobFailedError.isInstance(error));
    await expect(run.result).rejects.toMatchObject({ exitCode: 4, jobStatus: 'FAILED' });
    const { submission_id: jobId } = await run.submitted;
    expect(await client.getJob(jobId)).toMatchObject({ status: 'FAILED', metadata: { team: 'a' } });
    expect(await client.getJobLogs(jobId)).toBe(driverLog(jobId).toString());
    const jobs = await client.listJobs();
    expect(jobs.items.map((job) => job.submission_id)).toContain(jobId);
    const failed = await client.listJobs({ filters: { status: 'FAILED' }, limit: 1 });
    expect(failed.length).toBe(1);
    await client.deleteJob(jobId);
    await expect(client.getJob(jobId)).rejects.toMatchObject({ statusCode: 404 });
  });

  it('keep the ID that is given, once: a second one is 409', async () => {
    const submissionId = `exp.v1 a-b/../${Date.now()}`;
    const entrypoint = 'echo once';
    expect(await client.submitJob({ entrypoint, submissionId })).toMatchObject({
      submission_id: submissionId,
    });
    await expect(client.submitJob({ entrypoint, submissionId })).rejects.toMatchObject({
      statusCode: 409,
      message: expect.stringMatching(/^(?!.*Traceback).*already exists/s),
      detail: expect.stringContaining('Traceback'),
    });
    expect((await client.waitForJob(submissionId)).status).toMatch(/SUCCEEDED|FAILED/);
  });

  it('cannot be deleted while they run, and can be stopped', async () => {
    const { submission_id: jobId } = await client.submitJob({ entrypoint: 'sleep 60' });
    await expect(client.deleteJob(jobId)).rejects.toMatchObject({ statusCode: 409 });
    expect(await client.stopJob(jobId)).toEqual({ stopped: true });
    expect(await client.waitForJob(jobId)).toMatchObject({ status: 'STOPPED' });
    await expect(client.stopJob('raysubmit_nobody')).rejects.toSatisfy((error) =>
      NotFoundError.isInstance(error),
    );
  });

  it('stay deleted when they are deleted as soon as they have ended', async () => {
    const ended = ['true', 'exit 3'].map(async (entrypoint) => {
      const { submission_id: jobId } = await client.submitJob({ entrypoint });
      await client.waitForJob(jobId);
      await client.deleteJob(jobId);
      return jobId;
    });
    const jobIds = await Promise.all(ended);
    // Ray's monitor of a job wakes once a second, and it has to be seen that it does nothing.
    await new Promise((resolve) => setTimeout(resolve, 4_000));
    const left = (await client.listJobs()).items.map((job) => job.submission_id);
    expect(left.filter((jobId) => jobIds.includes(String(jobId)))).toEqual([]);
  });

  it('run in a local folder, which is uploaded once per content', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'raywire-'));
    try {
      mkdirSync(join(folder, 'pkg', 'data'), { recursive: true });
      writeFileSync(
        join(folder, 'pkg', 'main.py'),
        'import os\nfor _, _, names in os.walk("."):\n  print(*sorted(names))\n',
      );
      writeFileSync(join(folder, 'pkg', 'data', 'kept.txt'), String(Math.random()));
      writeFileSync(join(folder, 'pkg', 'data', 'left.bin'), 'x');
      writeFileSync(join(folder, '.rayignore'), '*.bin\n');
      writeFileSync(join(folder, 'secret.env'), 'x');
      writeFileSync(join(folder, '.gitignore'), 'secret.env\n');
      const phases: string[][] = [];
      for (let time = 0; time < 2; time++) {
        const seen: UploadProgress[] = [];
        const run = client.runJob({
          entrypoint: 'python pkg/main.py',
          workingDirectory: folder,
          onUploadProgress: (progress) => seen.push(progress),
        });
        const lines = await linesOf(run);
        expect((await run.result).status).toBe('SUCCEEDED');
        expect(lines).toContain('kept.txt');
        expect(lines.join('\n')).not.toMatch(/left\.bin|secret\.env/);
        phases.push([...new Set(seen.map(({ phase }) => phase))]);
      }
      expect(phases).toEqual([
        ['pack', 'upload'],
        ['pack', 'reuse'],
      ]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('the state of the cluster', () => {
  it('is told with its version, health and nodes', async () => {
    expect(await client.getVersion()).toMatchObject({ ray_version: expect.stringMatching(/^\d+\.\d+/) });
    expect(await client.healthCheck()).toMatchObject({ status: 'healthy' });
    expect(await client.getClusterStatus()).toHaveProperty('clusterStatus');
    expect(await client.getGpuStatus()).toMatchObject({ total_gpus: 0, gpus: [] });
    const [node] = (await client.listNodes()).items;
    expect(node).toMatchObject({ alive: true, state: 'ALIVE', is_head_node: true });
    expect(await client.getNode(String(node?.node_id))).toMatchObject({
      node_id: node?.node_id,
      alive: true,
    });
  });

  it('knows tasks, actors and workers, and their logs', async () => {
    const { submission_id: jobId } = await client.submitJob({
      entrypoint: jobCommand('tasks_and_actors.py', 4),
    });
    const job = await client.waitForJob(jobId);
    expect(job.status).toBe('SUCCEEDED');
    const filters = { job_id: String(job.job_id) };
    const page = await client.listTasks({ filters, detail: true });
    expect(page.truncated).toBe(false);
    const few = await client.listTasks({ filters, limit: 2 });
    expect(few).toMatchObject({ length: 2, truncated: true, total: page.total });
    const all: string[] = [];
    for await (const task of client.tasks({ filters })) all.push(task.task_id);
    expect(all.toSorted()).toEqual(page.items.map((task) => task.task_id).toSorted());
    const speak = page.items.filter((task) => task.name === 'speak');
    expect(speak).toHaveLength(5);
    for (const task of speak) {
      // Ray 2.40 lets a task's log begin with the end of the line before.
      const [line] = (await linesOf(client.tailTaskLogs(task.task_id))).filter((text) => text !== '');
      expect(line).toMatch(/^task \d says a line$/);
      const errors = await linesOf(client.tailTaskLogs(task.task_id, { stream: 'err' }));
      const [complaint] = errors.filter((text) => text !== '');
      expect(complaint).toMatch(/^task \d complains$/);
    }
    const [actor] = (
      await client.listActors({
        filters: [
          ...Object.entries(filters).map(([key, value]) => [key, '=', value] as const),
          ['class_name', '=', 'Speaker'],
        ],
      })
    ).items;
    const spoken = await linesOf(client.tailActorLogs(String(actor?.actor_id)));
    expect(spoken.filter((line) => line.startsWith('actor line'))).toHaveLength(40);
    const [worker] = (await client.listWorkers({ filters: { worker_type: 'WORKER' } })).items;
    const tail = client.tailWorkerLogs(String(worker?.worker_id), { follow: false });
    await linesOf(tail);
    expect((await tail.end).reason).toMatch(/complete|caughtUp/);
  });

  it('tells of what does not exist by 404, and of a bad filter by 400', async () => {
    const nobody = '0'.repeat(56);
    await expect(client.getNode(nobody)).rejects.toSatisfy((error) => NotFoundError.isInstance(error));
    await expect(client.getTask('0'.repeat(48))).rejects.toSatisfy((error) =>
      NotFoundError.isInstance(error),
    );
    await expect(client.listActors({ filters: { nonsense: 1 } })).rejects.toSatisfy((error) =>
      ValidationError.isInstance(error),
    );
    await expect(linesOf(client.tailActorLogs('0'.repeat(32)))).rejects.toMatchObject({ statusCode: 404 });
  });
});

describe('Serve', () => {
  it('loses the application that is deleted, and no other', async () => {
    const application = (name: string, importPath = 'hello_serve:app') => ({
      name,
      route_prefix: `/${name}`,
      import_path: importPath,
    });
    await client.deployServeApplications({
      proxy_location: 'Disabled',
      applications: [
        application('one'),
        application('two'),
        application('broken', 'hello_serve:nothing_here'),
      ],
    });
    expect(await client.waitForServeApplication('one')).toMatchObject({ status: 'RUNNING' });
    expect(await client.waitForServeApplication('two')).toMatchObject({ status: 'RUNNING' });
    expect(await client.waitForServeApplication('broken')).toMatchObject({ status: 'DEPLOY_FAILED' });
    const imperative = client.runJob({ entrypoint: jobCommand('serve_run.py', 'three') });
    expect((await imperative.result).status).toBe('SUCCEEDED');
    const names = async (): Promise<string[]> =>
      (await client.listServeApplications()).items
        .filter(({ status }) => status !== 'DELETING')
        .map(({ name }) => name)
        .toSorted();
    expect(await names()).toEqual(['broken', 'one', 'three', 'two']);

    await client.deleteServeApplication('one');
    expect(await names()).toEqual(['broken', 'three', 'two']);
    await client.deleteServeApplication('three');
    expect(await names()).toEqual(['broken', 'two']);
    expect(await client.getServeApplication('two')).toMatchObject({ status: 'RUNNING' });
    const jobIds = (await client.listJobs()).items.map((job) => String(job.submission_id));
    expect(jobIds.filter((jobId) => jobId.startsWith('raywire_serve_delete'))).toEqual([]);
    await expect(client.deleteServeApplication('nobody')).rejects.toMatchObject({ statusCode: 404 });

    const { deployments } = await client.getServeApplication('two');
    const [[deployment, details]] = Object.entries(
      deployments as Record<string, { replicas: { replica_id: string }[] }>,
    ) as [[string, { replicas: { replica_id: string }[] }]];
    const replicaId = String(details.replicas[0]?.replica_id);
    const replica = { application: 'two', deployment, replicaId };
    const log = await linesOf(client.tailServeReplicaLogs(replica, { follow: false }));
    expect(log.join('\n')).toContain('hello from the replica');
  });
});

describe("Ray's traps", () => {
  // Ray 2.40 tells browsers by their user agent alone.
  it.skipIf(IS_OLDER_RAY)(
    "refuses the writes of Node's fetch, which takes itself for a browser",
    async () => {
      const browser = newClient({ requester: fetchRequester() });
      const submitting = browser.submitJob({ entrypoint: 'echo never' });
      await expect(submitting).rejects.toSatisfy((error) => BrowserTrafficBlockedError.isInstance(error));
      await browser.close();
    },
  );

  // Ray 2.40 does send.
  it.skipIf(IS_OLDER_RAY)(
    'sends nothing to a WebSocket that offers compression, and closes it as if all were well',
    async () => {
      const { submission_id: jobId } = await client.submitJob({ entrypoint: jobCommand('lines.py', 500) });
      await client.waitForJob(jobId);
      const url = `${inject('address').replace('http', 'ws')}/api/jobs/${jobId}/logs/tail`;
      const received = async (perMessageDeflate: boolean): Promise<{ code: number; messages: number }> => {
        let messages = 0;
        const socket = new WebSocket(url, { perMessageDeflate, headers: { 'user-agent': 'a test' } });
        socket.on('message', () => messages++);
        const [code] = (await once(socket, 'close')) as [number];
        return { code, messages };
      };
      const [offered, plain] = await Promise.all([received(true), received(false)]);
      expect(offered).toEqual({ code: 1000, messages: 0 });
      expect(plain.messages).toBeGreaterThan(0);
      expect(await linesOf(client.websocketTailJobLogs(jobId))).toEqual(exactLines(driverLog(jobId)));
    },
  );

  it('turns the carriage returns of a progress bar into lines, where its own log API is asked', async () => {
    const { submission_id: jobId } = await client.submitJob({ entrypoint: jobCommand('progress.py') });
    await client.waitForJob(jobId);
    const lines = await linesOf(client.tailJobLogs(jobId));
    expect(lines).toContain('done');
    expect(lines.filter((line) => line.includes('%'))).toHaveLength(1);
    const { data } = await client.request<{ logs: string }>({ path: `api/jobs/${jobId}/logs` });
    expect(data.logs).not.toContain('\r');
    expect(exactLines(driverLog(jobId)).some((line) => line.includes('\r'))).toBe(true);
  });
});
