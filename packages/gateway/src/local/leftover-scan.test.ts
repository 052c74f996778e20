import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { startGateway } from '../testing/gateway-harness.js';
import { LeftoverScan } from './leftover-scan.js';
import { readProcess } from './process-table.js';

const isAlive = (pid: number): boolean => {
  const state = readProcess(pid)?.state;
  return state !== undefined && state !== 'Z';
};

describe('what a job leaves behind', () => {
  test('a daemon that left the group by setsid has written before the job is complete', async () => {
    const harness = await startGateway();
    const id = await harness.submit(
      `setsid sh -c 'sleep 0.3; echo late' & setsid env -i /bin/sh -c '/bin/sleep 0.4; echo later' & echo early`,
    );
    expect((await harness.ended(id)).status).toBe('SUCCEEDED');
    expect((await harness.call('GET', `/jobs/${id}/logs/`)).text).toBe('early\nlate\nlater\n');
  });

  test('a daemon that holds the log for longer is killed, and writes nothing after the job is complete', async () => {
    const harness = await startGateway();
    const pids = join(harness.directory, 'pids');
    const daemon = `setsid sh -c 'echo $$ >> ${pids}; while :; do echo still; sleep 0.05; done'`;
    const id = await harness.submit(`(${daemon} &) & ${daemon} & echo done`);
    const log = harness.webSocket(`/jobs/${id}/logs/`);
    const events = await log.all();
    expect(events.at(-1)).toMatchObject({ type: 'complete', status: 'SUCCEEDED' });
    const { text } = await harness.call('GET', `/jobs/${id}/logs/`);
    expect(events.at(-1)?.offset).toBe(Buffer.byteLength(text));
    const daemons = (await readFile(pids, 'utf8')).trim().split('\n').map(Number);
    expect(daemons).toHaveLength(2);
    for (const pid of daemons) expect(isAlive(pid)).toBe(false);
  });

  test('a daemon that let go of the log is left alone, and the job does not wait for it', async () => {
    const harness = await startGateway();
    const id = await harness.submit('setsid sleep 60 >/dev/null 2>&1 & echo $!');
    const start = performance.now();
    expect((await harness.ended(id)).status).toBe('SUCCEEDED');
    expect(performance.now() - start).toBeLessThan(5_000);
    const pid = Number((await harness.call('GET', `/jobs/${id}/logs/`)).text);
    expect(isAlive(pid)).toBe(true);
    process.kill(pid, 'SIGKILL');
  });

  test('stop reaches a daemon that left the group', async () => {
    const harness = await startGateway();
    const id = await harness.submit(
      `setsid sh -c 'trap "echo asked; exit" TERM; echo up; while :; do sleep 0.05; done' & wait`,
    );
    const log = harness.webSocket(`/jobs/${id}/logs/`);
    expect(await log.next()).toMatchObject({ message: 'up' });
    await harness.call('POST', `/jobs/${id}/stop/`);
    const events = await log.all();
    expect(events.map(({ message }) => message)).toContain('asked');
    expect(events.at(-1)).toMatchObject({ type: 'complete', status: 'STOPPED' });
  });

  test('who only reads the log does not hold up its end', async () => {
    const harness = await startGateway();
    const log = join(harness.directory, 'data', 'logs', 'read.log');
    await harness.submit(`setsid tail -f '${log}' >/dev/null 2>&1 & echo $!`, { submission_id: 'read' });
    expect((await harness.ended('read')).status).toBe('SUCCEEDED');
    const pid = Number((await harness.call('GET', '/jobs/read/logs/')).text);
    expect(isAlive(pid)).toBe(true);
    process.kill(pid, 'SIGKILL');
  });

  test('jobs that end together are looked for in one scan', async () => {
    const scan = new LeftoverScan();
    const find = (number: number) =>
      scan.find({
        id: `job-${number}`,
        // Above every number that a process can have.
        group: 2 ** 22 + 1 + number,
        mayBeForeign: false,
        log: `/nowhere/${number}.log`,
        startedAtTicks: 0,
      });
    const cpuOf = async (work: () => Promise<unknown>): Promise<number> => {
      const before = process.cpuUsage();
      await work();
      const { user, system } = process.cpuUsage(before);
      return user + system;
    };
    const one = await cpuOf(() => find(0));
    const many = await cpuOf(() => Promise.all(Array.from({ length: 200 }, (_, number) => find(number))));
    expect(many).toBeLessThan(one * 20);
  });

  test('jobs that end together, each leaving a child, end within seconds', async () => {
    const harness = await startGateway();
    const go = join(harness.directory, 'go');
    const ids = await Promise.all(
      Array.from({ length: 60 }, () =>
        harness.submit(`while [ ! -e '${go}' ]; do sleep 0.1; done; sleep 60 & exit 3`),
      ),
    );
    await writeFile(go, '');
    const jobs = await Promise.all(ids.map((id) => harness.ended(id)));
    expect(new Set(jobs.map((job) => job.driver_exit_code))).toEqual(new Set([3]));
  });
});
