import {
  AuthenticationError,
  AuthorizationError,
  ClientConnectionError,
  ClientTimeoutError,
  ConflictError,
  InvalidArgumentError,
  NotFoundError,
  ServerError,
  UnsupportedByServerError,
} from '@raywire/core';
import { freePorts } from '@raywire/testing';
import { describe, expect, test } from 'vitest';
import { createGateway } from './gateway.js';
import { type LocalDriverOptions, localDriver } from './local/local-driver.js';
import { rayDriver } from './ray/ray-driver.js';
import type { RayDriverOptions } from './ray/ray-driver-options.js';
import { makeDirectory, startGateway, TOKEN } from './testing/gateway-harness.js';

describe('routes', () => {
  test('health says who answers and what it can do, with and without the trailing slash', async () => {
    const harness = await startGateway();
    for (const path of ['/health/', '/health']) {
      expect((await harness.call('GET', path)).json).toEqual({
        status: 'ok',
        server: expect.stringMatching(/^raywire-gateway\/\d+\.\d+\.\d+/),
        driver: 'local',
        capabilities: [
          'resume',
          'batch',
          'submit',
          'delete',
          'tickets',
          'follow',
          'bytes',
          'paging',
          'upload',
        ],
      });
    }
  });

  test('a job is submitted, seen, read as a whole, and deleted', async () => {
    const harness = await startGateway();
    const answer = await harness.call('POST', '/jobs/', {
      entrypoint: 'echo hällo; exit 0',
      metadata: { owner: 'me' },
      entrypoint_num_cpus: 1,
      submission_id: null,
    });
    expect(answer.status).toBe(201);
    const { job_id: id, submission_id } = answer.json;
    expect(id).toMatch(/^raysubmit_[a-zA-Z0-9]{16}$/);
    expect(submission_id).toBe(id);
    expect(await harness.ended(id)).toMatchObject({
      type: 'SUBMISSION',
      job_id: id,
      submission_id: id,
      status: 'SUCCEEDED',
      entrypoint: 'echo hällo; exit 0',
      metadata: { owner: 'me' },
      runtime_env: {},
      entrypoint_num_cpus: 1,
      driver_exit_code: 0,
      error_type: null,
    });
    expect((await harness.call('GET', '/jobs/')).json.map((job: { job_id: string }) => job.job_id)).toEqual([
      id,
    ]);
    const logs = await harness.call('GET', `/jobs/${id}/logs/`);
    expect(logs.text).toBe('hällo\n');
    expect(logs.headers.get('content-type')).toBe('text/plain; charset=utf-8');
    expect(logs.headers.get('content-length')).toBe('7');
    expect((await harness.call('DELETE', `/jobs/${id}/`)).status).toBe(204);
    expect((await harness.call('GET', `/jobs/${id}/`)).status).toBe(404);
    expect((await harness.call('GET', `/jobs/${id}/logs/`)).status).toBe(404);
  });

  test('after a delete the same ID has the new log, not the old one', async () => {
    const harness = await startGateway();
    await harness.submit('echo old', { submission_id: 'same' });
    await harness.ended('same');
    await harness.call('DELETE', '/jobs/same/');
    await harness.submit('echo new', { submission_id: 'same' });
    await harness.ended('same');
    expect((await harness.call('GET', '/jobs/same/logs/')).text).toBe('new\n');
  });

  test('the machine is the one node, with real figures', async () => {
    const harness = await startGateway();
    const [node] = (await harness.call('GET', '/nodes/')).json;
    expect(node).toMatchObject({ state: 'ALIVE', alive: true, node_ip: '127.0.0.1' });
    expect(node.resources_total.CPU).toBeGreaterThan(0);
    expect(node.memory.available).toBeGreaterThan(0);
    expect(node.memory.available).toBeLessThanOrEqual(node.memory.total);
    expect((await harness.call('GET', `/nodes/${node.node_id}/`)).json.node_id).toBe(node.node_id);
  });

  test('tasks are the running processes of jobs', async () => {
    const harness = await startGateway();
    const id = await harness.submit('sleep 61 & sleep 62; wait');
    const allTasks = async () => (await harness.call('GET', '/tasks/')).json;
    const names = async () => (await allTasks()).map((task: { name: string }) => task.name);
    // A process that was forked is a shell yet, until it becomes what it runs.
    await expect.poll(names).toEqual(expect.arrayContaining(['sleep 61', 'sleep 62']));
    const tasks = await allTasks();
    expect(tasks).toHaveLength(3);
    expect(
      tasks.every(
        (task: { job_id: string; state: string }) => task.job_id === id && task.state === 'RUNNING',
      ),
    ).toBe(true);
    const one = await harness.call('GET', `/tasks/${tasks[0].task_id}/`);
    expect(one.json.pid).toBe(tasks[0].pid);
  });

  test('there are no GPUs and no Serve applications, and names of those are free text', async () => {
    const harness = await startGateway();
    expect((await harness.call('GET', '/gpu_status/')).json.gpus).toEqual([]);
    expect((await harness.call('GET', '/serve_applications/')).json).toEqual([]);
    const name = encodeURIComponent('a b/c ü');
    for (const method of ['GET', 'DELETE']) {
      const answer = await harness.call(method, `/serve_applications/${name}/`);
      expect(answer.status).toBe(404);
      expect(answer.json.detail).toContain('a b/c ü');
    }
    expect((await harness.call('GET', '/serve_applications/%00/')).status).toBe(400);
  });
});

test.each([
  [new NotFoundError({ message: 'x' }), 404, false],
  [new ConflictError({ message: 'x' }), 409, false],
  [new UnsupportedByServerError({ message: 'x' }), 501, true],
  [new ClientConnectionError({ message: 'x' }), 503, true],
  [new ClientTimeoutError({ message: 'x' }), 504, true],
  // The gateway's own credentials at its cluster are no matter of the caller's.
  [new AuthenticationError({ message: 'x' }), 502, true],
  [new AuthorizationError({ message: 'x' }), 502, true],
  [new ServerError({ message: 'x' }), 502, true],
  [new Error('what nobody foresaw'), 500, true],
])('%s of a driver is answered %i', async (error, status, isToldToTheOwner) => {
  const driver = localDriver({ directory: await makeDirectory() });
  driver.list = () => Promise.reject(error);
  const harness = await startGateway({ driver });
  const answer = await harness.call('GET', '/jobs/');
  expect(answer.status).toBe(status);
  expect(answer.text).not.toContain('nobody foresaw');
  const told = harness.events.filter(({ type }) => type === 'error');
  expect(told).toEqual(isToldToTheOwner ? [{ type: 'error', error, route: 'GET /jobs/' }] : []);
});

describe('options', () => {
  const driver = localDriver({ directory: '/nonexistent' });
  test.each([
    [{ token: '' }, /token/],
    [{ token: 'with space' }, /token/],
    [{ port: -1 }, /port/],
    [{ port: 70_000 }, /port/],
    [{ host: '' }, /host/],
    [{ corsOrigins: ['*'] }, /corsOrigins/],
    [{ corsOrigins: ['https://a.example/'] }, /corsOrigins/],
    [{ corsOrigins: ['https://a:secret@a.example'] }, /corsOrigins((?!secret).)*$/],
    [{ allowedHosts: ['http://a'] }, /allowedHosts/],
    [{ maxConnections: 0 }, /maxConnections/],
    [{ stallTimeoutMs: Number.NaN }, /stallTimeoutMs/],
    [{ allowedHosts: 'ray.example.org' }, /allowedHosts must be an array/],
    [{ allowedHosts: [5] }, /allowedHosts\[0\] must be a host name/],
    [{ corsOrigins: 'https://a.example' }, /corsOrigins must be an array/],
    [{ onToken: 5 }, /onToken must be a function/],
    [{ onEvent: 'log' }, /onEvent must be a function/],
    [{ timeout: 5 }, /no option "timeout"/],
    [{ cors_origins: [] }, /it is called corsOrigins/],
    [{ cors: ['*'] }, /has no option "cors": did you mean corsOrigins\?/],
    [{ driver: {} }, /contract version 1/],
  ])('%o is refused by name', (options, message) => {
    expect(() => createGateway({ driver, ...(options as object) })).toThrow(message);
  });

  test.each([
    [{ directory: '' }, /directory must be the path of a folder/],
    [{ directory: '/x', keepjobs: true }, /keepJobs/],
    [{ directory: '/x', keepJobs: 'no' }, /keepJobs must be a boolean/],
  ])('localDriver(%o) is refused by name', (options, message) => {
    expect(() => localDriver(options as LocalDriverOptions)).toThrow(InvalidArgumentError);
    expect(() => localDriver(options as LocalDriverOptions)).toThrow(message);
  });

  test.each([
    [{ adress: 'http://127.0.0.1:1' }, /has no option "adress": did you mean address\?/],
    [{ lingerMS: 5 }, /lingerMs/],
    [{ lingerMs: -1 }, /lingerMs must be a whole number/],
    [{ maxSpoolBytes: Number.NaN }, /maxSpoolBytes must be a whole number/],
    [{ maxTotalSpoolBytes: -1 }, /maxTotalSpoolBytes must be a whole number/],
    [{ giveUpAfterMs: '5' }, /giveUpAfterMs must be a whole number/],
    [{ spoolDirectory: '' }, /spoolDirectory must be/],
  ])('rayDriver(%o) is refused by name', (options, message) => {
    expect(() => rayDriver(options as RayDriverOptions)).toThrow(InvalidArgumentError);
    expect(() => rayDriver(options as RayDriverOptions)).toThrow(message);
  });

  test('a gateway listens once, and closes as often as asked', async () => {
    const { gateway } = await startGateway();
    await expect(gateway.listen()).rejects.toThrow(/once/);
    await Promise.all([gateway.close(), gateway.close()]);
    await gateway[Symbol.asyncDispose]();
    await expect(fetch(gateway.url)).rejects.toThrow();
  });

  test('a port that is taken fails listen, and leaves nothing open', async () => {
    const { gateway } = await startGateway();
    const directory = await makeDirectory();
    const options = { driver: localDriver({ directory }), token: TOKEN };
    const second = createGateway({ ...options, port: Number(new URL(gateway.url).port) });
    await expect(second.listen()).rejects.toThrow(/EADDRINUSE/);
    const third = createGateway({ ...options, driver: localDriver({ directory }) });
    await third.listen();
    await third.close();
  });

  test.each([
    ['onToken throws', { onToken: () => fail('no disk') }],
    ['onToken rejects', { onToken: async () => fail('no disk') }],
    ['onEvent throws', { token: TOKEN, onEvent: () => fail('no disk') }],
  ])('when %s, listen fails with that, and nothing is left open', async (_name, options) => {
    const directory = await makeDirectory();
    const [port = 0] = await freePorts(1);
    const gateway = createGateway({ driver: localDriver({ directory }), port, ...options });
    await expect(gateway.listen()).rejects.toThrow('no disk');
    expect(() => gateway.url).toThrow(/no URL/);
    await expect(fetch(`http://127.0.0.1:${port}/health/`)).rejects.toThrow();
    await gateway.close();
    // The directory is free again too.
    const next = createGateway({ driver: localDriver({ directory }), port, token: TOKEN });
    await next.listen();
    await next.close();
  });
});

function fail(message: string): never {
  throw new Error(message);
}
