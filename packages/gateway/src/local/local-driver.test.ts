import { chmod, readFile, realpath, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createGateway } from '../gateway.js';
import { makeDirectory, startGateway, submitPipedJob, TOKEN } from '../testing/gateway-harness.js';
import { end, startProcess } from '../testing/killed-gateway.js';
import { localDriver } from './local-driver.js';
import { readProcesses } from './process-table.js';

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

/** Whether anything of the session of a job runs. */
const isSessionAlive = (session: number): boolean =>
  readProcesses().some((entry) => entry.session === session && entry.state !== 'Z');

/** Prints the session of a job: its keeper leads it. */
const PRINT_SESSION = 'echo $PPID';

describe('running a job', () => {
  test('standard output and error are one log, in the order of their writing', async () => {
    const harness = await startGateway();
    const id = await harness.submit('for i in $(seq 1 200); do echo out $i; echo err $i >&2; done');
    await harness.ended(id);
    const expected = Array.from({ length: 200 }, (_, index) => `out ${index + 1}\nerr ${index + 1}\n`).join(
      '',
    );
    expect((await harness.call('GET', `/jobs/${id}/logs/`)).text).toBe(expected);
  });

  test.each([
    ['exit 0', 'SUCCEEDED', 0],
    ['exit 7', 'FAILED', 7],
    ['kill -9 $$', 'FAILED', -9],
    ['no-such-command', 'FAILED', 127],
    ['syntax error (', 'FAILED', 2],
  ])('%s ends as %s, exit code %i', async (entrypoint, status, exitCode) => {
    const harness = await startGateway();
    const job = await harness.ended(await harness.submit(entrypoint));
    expect(job).toMatchObject({ status, driver_exit_code: exitCode });
    expect(job.end_time).toBeGreaterThanOrEqual(job.start_time as number);
  });

  test('the entrypoint is run by exactly one shell', async () => {
    const harness = await startGateway();
    const id = await harness.submit(`echo "$0|$#|$PPID"; echo '$HOME "quoted" \\\\'`);
    await harness.ended(id);
    const [first, second] = (await harness.call('GET', `/jobs/${id}/logs/`)).text.split('\n');
    expect(first).toMatch(/^\/bin\/sh\|0\|\d+$/);
    expect(second).toContain('$HOME "quoted"');
  });

  test('env_vars and working_dir are applied, and standard input is empty', async () => {
    const harness = await startGateway();
    const directory = await realpath(harness.directory);
    const runtime_env = { env_vars: { GREETING: 'hi there' }, working_dir: directory };
    const id = await harness.submit('echo "$GREETING"; pwd; cat; echo $RAYWIRE_JOB_ID', { runtime_env });
    expect((await harness.ended(id)).runtime_env).toEqual(runtime_env);
    expect((await harness.call('GET', `/jobs/${id}/logs/`)).text).toBe(`hi there\n${directory}\n${id}\n`);
  });

  test('no token is in the environment of a job, by its name or as a part of any value', async () => {
    const given = {
      RAYWIRE_AGENT_TOKEN: 'another',
      RAY_AUTH_TOKEN: 'another',
      SOME_URL: `http://x:${TOKEN}@host/`,
      SOME_HEADER: `Basic ${Buffer.from(`me:${TOKEN}`).toString('base64')}`,
      HARMLESS: 'stays',
    };
    Object.assign(process.env, given);
    onTestFinished(() => {
      for (const name of Object.keys(given)) delete process.env[name];
    });
    const harness = await startGateway();
    const id = await harness.submit('env');
    await harness.ended(id);
    const { text } = await harness.call('GET', `/jobs/${id}/logs/`);
    expect(text).toContain('HARMLESS=stays');
    expect(text).not.toMatch(/AGENT_TOKEN|AUTH_TOKEN|SOME_URL|SOME_HEADER/);
    expect(text).not.toContain(TOKEN);
  });

  test('an entrypoint too long for the system is a failed job that says so', async () => {
    const harness = await startGateway();
    const id = await harness.submit(`: ${'x'.repeat(200_000)}`);
    expect(await harness.ended(id)).toMatchObject({
      status: 'FAILED',
      message: expect.stringContaining('could not be started'),
      driver_exit_code: null,
    });
  });

  test('the log is complete before the job is: what the shell left running has a second to write', async () => {
    const harness = await startGateway();
    const id = await harness.submit('(sleep 0.2; echo late) & echo early');
    expect((await harness.ended(id)).status).toBe('SUCCEEDED');
    expect((await harness.call('GET', `/jobs/${id}/logs/`)).text).toBe('early\nlate\n');
  });

  test('what the shell left running for longer is killed with the job', async () => {
    const harness = await startGateway();
    const id = await harness.submit(`sleep 60 & ${PRINT_SESSION}`);
    expect((await harness.ended(id)).status).toBe('SUCCEEDED');
    const group = Number((await harness.call('GET', `/jobs/${id}/logs/`)).text);
    expect(isSessionAlive(group)).toBe(false);
  });
});

describe('stopping a job', () => {
  test('TERM ends the whole group, and the job is STOPPED', async () => {
    const harness = await startGateway();
    const id = await harness.submit(`${PRINT_SESSION}; sleep 60 & sleep 60 & wait`);
    const reader = harness.webSocket(`/jobs/${id}/logs/`);
    const group = Number((await reader.next())?.message);
    expect((await harness.call('POST', `/jobs/${id}/stop/`)).json).toEqual({ stopped: true });
    expect((await reader.all()).at(-1)).toMatchObject({ type: 'complete', status: 'STOPPED' });
    expect(isSessionAlive(group)).toBe(false);
    expect((await harness.call('POST', `/jobs/${id}/stop/`)).json).toEqual({ stopped: false });
    expect((await harness.call('GET', `/jobs/${id}/`)).json.status).toBe('STOPPED');
  });

  test('KILL follows after 5 s for what ignores TERM', async () => {
    const harness = await startGateway();
    const id = await harness.submit(`trap 'echo not me' TERM; ${PRINT_SESSION}; while :; do sleep 0.1; done`);
    const reader = harness.webSocket(`/jobs/${id}/logs/`);
    const group = Number((await reader.next())?.message);
    const start = performance.now();
    await harness.call('POST', `/jobs/${id}/stop/`);
    const events = await reader.all();
    expect(performance.now() - start).toBeGreaterThan(4_900);
    expect(performance.now() - start).toBeLessThan(8_000);
    expect(events.map(({ message }) => message)).toContain('not me');
    expect(events.at(-1)).toMatchObject({ type: 'complete', status: 'STOPPED', exit_code: -9 });
    expect(isSessionAlive(group)).toBe(false);
  });
});

describe('a gateway that is killed', () => {
  test('jobs run on, and the next one picks them up with their whole log and tells how they ended', async () => {
    const directory = await makeDirectory();
    const data = join(directory, 'data');
    const first = await startProcess(data);
    const go = join(directory, 'go');
    await first.call('POST', '/jobs/', { entrypoint: 'echo done', submission_id: 'ended' });
    await (await first.call('GET', '/jobs/ended/logs/stream/')).text();
    await first.call('POST', '/jobs/', {
      entrypoint: `echo $$; while [ ! -e '${go}' ]; do sleep 0.05; done; echo after; exit 3`,
      submission_id: 'running',
    });
    await expect.poll(async () => (await first.call('GET', '/jobs/running/logs/')).text()).toMatch(/\d/);
    const shell = Number(await (await first.call('GET', '/jobs/running/logs/')).text());
    await end(first, 'SIGKILL');
    expect(isAlive(shell)).toBe(true);

    const second = await startProcess(data);
    expect(await second.get('ended')).toMatchObject({ status: 'SUCCEEDED', driver_exit_code: 0 });
    expect(await second.get('running')).toMatchObject({ status: 'RUNNING', driver_exit_code: null });
    const stream = second.call('GET', '/jobs/running/logs/stream/?batch=1');
    await writeFile(go, '');
    const text = await (await stream).text();
    expect(text).toContain('after');
    expect(text).toContain('"type":"complete","status":"FAILED","exit_code":3');
    expect(await second.get('running')).toMatchObject({
      status: 'FAILED',
      message: expect.stringContaining('code 3'),
    });
    expect(await end(second, 'SIGTERM')).toBe(0);
  });

  test('a job whose keeper was killed too is FAILED with the reason, and a picked-up one can be stopped', async () => {
    const directory = await makeDirectory();
    const data = join(directory, 'data');
    const first = await startProcess(data);
    await first.call('POST', '/jobs/', {
      entrypoint: `${PRINT_SESSION}; exec sleep 60`,
      submission_id: 'gone',
    });
    await first.call('POST', '/jobs/', { entrypoint: 'sleep 60; echo never', submission_id: 'stays' });
    await expect.poll(async () => (await first.call('GET', '/jobs/gone/logs/')).text()).toMatch(/\d/);
    const keeper = Number(await (await first.call('GET', '/jobs/gone/logs/')).text());
    await end(first, 'SIGKILL');
    process.kill(-keeper, 'SIGKILL');
    await expect.poll(() => isSessionAlive(keeper)).toBe(false);

    const second = await startProcess(data);
    await (await second.call('GET', '/jobs/gone/logs/stream/')).text();
    expect(await second.get('gone')).toMatchObject({
      status: 'FAILED',
      driver_exit_code: null,
      message: expect.stringContaining('exit code is lost'),
    });
    expect(await (await second.call('POST', '/jobs/stays/stop/')).json()).toEqual({ stopped: true });
    await (await second.call('GET', '/jobs/stays/logs/stream/')).text();
    expect((await second.get('stays')).status).toBe('STOPPED');
    expect(await end(second, 'SIGTERM')).toBe(0);
  });

  test('closed with keepJobs, it leaves its jobs, exits by itself, and the next one has them', async () => {
    const data = join(await makeDirectory(), 'data');
    const first = await startProcess(data, 'keep');
    await first.call('POST', '/jobs/', { entrypoint: 'exec sleep 60', submission_id: 'kept' });
    expect(await end(first, 'SIGTERM')).toBe(0);
    const second = await startProcess(data, 'keep');
    expect((await second.get('kept')).status).toBe('RUNNING');
    // Picked up, and left running once more.
    expect(await end(second, 'SIGTERM')).toBe(0);
    const third = await startProcess(data, 'stop');
    const [task] = (await (await third.call('GET', '/tasks/')).json()) as { pid: number }[];
    expect(isAlive(task?.pid as number)).toBe(true);
    expect(await end(third, 'SIGTERM')).toBe(0);
    expect(isAlive(task?.pid as number)).toBe(false);
  });
});

describe('the directory', () => {
  test('has one gateway at a time', async () => {
    const directory = await makeDirectory();
    await startGateway({ driver: localDriver({ directory }) });
    const second = createGateway({ driver: localDriver({ directory }), token: TOKEN });
    await expect(second.listen()).rejects.toThrow(/in use by another gateway/);
  });

  test('is its owner’s alone', async () => {
    const harness = await startGateway();
    const job = await submitPipedJob(harness);
    const data = join(harness.directory, 'data');
    expect(await modeOf(data)).toBe(0o700);
    expect(await modeOf(join(data, 'logs', `${job.id}.log`))).toBe(0o600);
  });

  test('that was there keeps its mode, and what the gateway adds is its owner’s alone', async () => {
    const directory = await makeDirectory();
    await chmod(directory, 0o755);
    await startGateway({ driver: localDriver({ directory }) });
    expect(await modeOf(directory)).toBe(0o755);
    expect(await modeOf(join(directory, 'logs'))).toBe(0o700);
    expect(await modeOf(join(directory, 'jobs.sqlite'))).toBe(0o600);
    expect(await modeOf(join(directory, 'jobs.sqlite-wal'))).toBe(0o600);
  });

  test('is required', () => {
    expect(() => localDriver({ directory: '' })).toThrow(/directory/);
  });

  test('loses a log with its job', async () => {
    const harness = await startGateway();
    const id = await harness.submit('echo x');
    await harness.ended(id);
    const path = join(harness.directory, 'data', 'logs', `${id}.log`);
    expect(await readFile(path, 'utf8')).toBe('x\n');
    await harness.call('DELETE', `/jobs/${id}/`);
    await expect(readFile(path)).rejects.toThrow(/ENOENT/);
  });
});

async function modeOf(path: string): Promise<number> {
  return (await stat(path)).mode & 0o777;
}
