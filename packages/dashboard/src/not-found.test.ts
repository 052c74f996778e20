import { NotFoundError, ValidationError } from '@raywire/core';
import { collect, type LoopbackServer, sendJson, startServer } from '@raywire/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DashboardClient } from './dashboard-client.js';

const jobOf = (type: string) => ({
  type,
  submission_id: type === 'DRIVER' ? null : 'removed',
  job_id: '01000000',
  status: 'SUCCEEDED',
  driver_node_id: 'f'.repeat(56),
});

describe('what Ray says in other words than 404', () => {
  let head: LoopbackServer;
  let client: DashboardClient;
  let answer: [status: number, body: string | object];
  beforeEach(async () => {
    head = await startServer(({ url }, response) => {
      const isList = url.startsWith('/api/v0/logs?');
      const known = isList ? { result: true, data: { result: {} } } : jobOf('SUBMISSION');
      const [status, body] = isList || url.startsWith('/api/jobs/') ? [200, known] : answer;
      if (typeof body === 'object') sendJson(response, status, body);
      else response.writeHead(status, { 'content-type': 'text/plain' }).end(body);
    });
    client = new DashboardClient({ address: head.url, token: 'token-of-this-test', maxRetries: 0 });
  });
  afterEach(async () => {
    await client.close();
    await head.close();
  });

  it.each(['Odd-length string', 'Non-hexadecimal digit found', 'ID string needs to have length 24, got 2'])(
    'an ID that cannot be one is an ID of nothing (%s)',
    async (msg) => {
      answer = [400, { result: false, msg, data: {} }];
      for (const asked of [client.getTask('zz'), client.getNode('zz')])
        await expect(asked).rejects.toSatisfy((error) => NotFoundError.isInstance(error));
      await expect(client.listTasks({ filters: [['task_id', '=', 'zz']] })).rejects.toSatisfy((error) =>
        ValidationError.isInstance(error),
      );
    },
  );

  it('any other 400 stays one', async () => {
    answer = [400, { result: false, msg: 'Invalid filter', data: {} }];
    await expect(client.getTask('zz')).rejects.toMatchObject({ statusCode: 400 });
  });

  it.each<[string, [number, string]]>([
    ['', [500, 'A file is not found at: /tmp/ray/logs/job-driver-removed.log']],
    [' of Ray 2.40', [200, '[get_logs] Fetch log error: A file is not found at: /tmp/ray/logs/x.log']],
  ])('a log file that is not there is not found, and its tail does not try for long%s', async (_, given) => {
    answer = given;
    const { error, end } = await collect(client.tailJobLogs('removed', { protocol: 'http' }));
    expect(error).toMatchObject({
      statusCode: 404,
      message: expect.stringContaining('job-driver-removed.log'),
    });
    expect(end.reason).toBe('lost');
    await expect(client.getJobLogs('removed')).rejects.toMatchObject({ statusCode: 404 });
  });
});
