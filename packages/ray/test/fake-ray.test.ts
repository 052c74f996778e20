import { JobFailedError, NotFoundError, StreamLimitExceededError } from '@raywire/core';
import { decodeCursor, encodeCursor } from '@raywire/ray';
import { type FakeRayOptions, fakeRay } from '@raywire/ray/testing';
import { rejectionOf } from '@raywire/testing';
import { describe, expect, it, onTestFinished } from 'vitest';
import { collect } from './tail-lab.js';

const lines = ['one', 'zwei ✓', '', 'four'];

function cluster(options: FakeRayOptions) {
  const ray = fakeRay(options);
  onTestFinished(() => ray.close());
  return ray;
}

describe('a cluster in memory', () => {
  it.each(['tailJobLogs', 'websocketTailJobLogs', 'streamTailJobLogs'] as const)(
    'is tailed by %s',
    async (method) => {
      const { client } = cluster({
        jobs: { done: { lines }, broken: { lines, status: 'FAILED', message: 'oom' } },
      });
      const tail = client[method]('done');
      expect(await collect(tail)).toEqual({ got: lines, error: undefined });
      expect(await tail.end).toMatchObject({ reason: 'complete', jobStatus: 'SUCCEEDED', exitCode: 0 });
      expect(await client[method]('broken').end).toMatchObject({
        reason: 'complete',
        jobStatus: 'FAILED',
        exitCode: 1,
        message: 'oom',
        lines: 4,
      });
    },
  );

  it('has jobs that run, as the test says', async () => {
    const { client, write, finish } = cluster({ jobs: { job: { status: 'PENDING' } } });
    expect((await client.getJob('job')).status).toBe('PENDING');
    const tail = client.tailJobLogs('job');
    const reading = tail[Symbol.asyncIterator]();
    const first = reading.next();
    write('job', 'one', 'two');
    expect((await first).value).toBe('one');
    expect((await client.getJob('job')).status).toBe('RUNNING');
    expect((await reading.next()).value).toBe('two');
    const third = reading.next();
    finish('job', { status: 'FAILED', exitCode: 137 });
    expect((await third).done).toBe(true);
    expect(await tail.end).toMatchObject({ reason: 'complete', exitCode: 137, lines: 2 });
    expect(() => write('job', 'three')).toThrow(/has ended already: FAILED/);
  });

  it('goes on from any cursor, begins at any last line, and ends at the present end', async () => {
    const { client, write, finish } = cluster({ jobs: { job: { lines, status: 'RUNNING' } } });
    const tail = client.tailJobLogs('job');
    let text = '';
    for await (const line of tail) {
      if (line !== lines[1]) continue;
      text = encodeCursor(tail.cursor as NonNullable<typeof tail.cursor>);
      break;
    }
    const options = [{ cursor: decodeCursor(text) }, { tailLines: 2 }, { tailLines: 9 }, { tailLines: 0 }];
    const read = (given: object) => collect(client.tailJobLogs('job', { follow: false, ...given }));
    expect((await Promise.all(options.map(read))).map(({ got }) => got)).toEqual([
      lines.slice(2),
      lines.slice(-2),
      lines,
      [],
    ]);
    const present = client.tailJobLogs('job', { follow: false });
    expect(await present.drain()).toMatchObject({ reason: 'caughtUp', jobStatus: 'RUNNING' });
    write('job', 'five');
    finish('job');
    expect((await read({ cursor: decodeCursor(text) })).got).toEqual([...lines.slice(2), 'five']);
  });

  it('runs what is submitted', async () => {
    const { client, submissions } = cluster({
      onSubmit: ({ entrypoint }) =>
        entrypoint === 'false' ? { status: 'FAILED', lines } : { lines: ['hello'] },
    });
    const run = client.runJob({ entrypoint: 'echo hello', metadata: { team: 'a' } });
    expect((await collect(run)).got).toEqual(['hello']);
    expect(await run.result).toMatchObject({
      status: 'SUCCEEDED',
      entrypoint: 'echo hello',
      metadata: { team: 'a' },
    });
    const failed = client.runJob({ entrypoint: 'false', submissionId: 'mine', throwOnFailure: true });
    const error = await rejectionOf(failed.result);
    expect(error).toBeInstanceOf(JobFailedError);
    expect(error).toMatchObject({ lastLines: lines, exitCode: 1 });
    expect(submissions.map(({ entrypoint }) => entrypoint)).toEqual(['echo hello', 'false']);
    expect(await rejectionOf(client.submitJob({ entrypoint: 'true', submissionId: 'mine' }))).toMatchObject({
      code: 'CONFLICT',
    });
  });

  it('answers the other methods', async () => {
    const { client } = cluster({
      jobs: { a: {}, b: { status: 'RUNNING' } },
      nodes: [{ node_id: 'n', state: 'ALIVE' }],
      serveApplications: [{ name: 'app', status: 'RUNNING' }],
    } as FakeRayOptions);
    expect([...(await client.listJobs())].map(({ id }) => id)).toEqual(['a', 'b']);
    expect((await client.listJobs({ limit: 1 })).truncated).toBe(true);
    expect((await client.listJobs({ status: 'RUNNING' })).map(({ id }) => id)).toEqual(['b']);
    expect(await rejectionOf(client.deleteJob('b'))).toMatchObject({ code: 'CONFLICT' });
    expect(await client.stopJob('b', { untilStopped: true })).toMatchObject({ jobStatus: 'STOPPED' });
    await client.deleteJob('b');
    expect(await rejectionOf(client.getJob('b'))).toBeInstanceOf(NotFoundError);
    expect((await client.getNode('n')).node_id).toBe('n');
    expect(await rejectionOf(client.getTask('t'))).toBeInstanceOf(NotFoundError);
    await client.deleteServeApplication('app');
    expect((await client.listServeApplications()).length).toBe(0);
    await expect(client.request({ path: 'jobs/' })).rejects.toMatchObject({ code: 'UNSUPPORTED_BY_SERVER' });
  });

  it('has the limits and errors of a client', async () => {
    const { client } = cluster({ jobs: { job: { lines } }, streamLimits: { maxLines: 2 } });
    const { got, error } = await collect(client.tailJobLogs('job'));
    expect(got).toEqual(lines.slice(0, 2));
    expect(error).toBeInstanceOf(StreamLimitExceededError);
    expect(await client.getJobLogs('job')).toBe(lines.map((line) => `${line}\n`).join(''));
    expect((await client.tailJobLogs('none').end).error).toBeInstanceOf(NotFoundError);
    expect(() => client.tailJobLogs('a b')).toThrow(/job ID/i);
  });
});
