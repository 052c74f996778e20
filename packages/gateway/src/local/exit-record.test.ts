import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { makeDirectory, startGateway } from '../testing/gateway-harness.js';
import { end, startProcess } from '../testing/killed-gateway.js';
import { localDriver } from './local-driver.js';

describe('how a job ended while no gateway was there', () => {
  test.each([
    ['exit 0', 'SUCCEEDED', 0],
    ['exit 7', 'FAILED', 7],
    ['exec sh -c "exit 9"', 'FAILED', 9],
    ['set -e; false; exit 0', 'FAILED', 1],
    [`trap 'exit 5' EXIT; exit 6`, 'FAILED', 5],
    ['kill -9 $$', 'FAILED', -9],
    ['kill 0; sleep 60', 'FAILED', -15],
    [`trap '' TERM; kill 0; exit 3`, 'FAILED', 3],
    ['rm -rf /nowhere; unset PATH; exit 4', 'FAILED', 4],
  ])('is told by the next one: %s is %s, exit code %i', async (command, status, exitCode) => {
    const directory = await makeDirectory();
    const data = join(directory, 'data');
    const go = join(directory, 'go');
    const first = await startGateway({ driver: localDriver({ directory: data, keepJobs: true }) });
    const id = await first.submit(`while [ ! -e '${go}' ]; do sleep 0.02; done; ${command}`);
    await first.gateway.close();
    await writeFile(go, '');
    await expect
      .poll(() => readFile(join(data, 'logs', `${id}.exit`), 'utf8'), { timeout: 10_000 })
      .toMatch(/^exited/);
    const between = Date.now();
    const second = await startGateway({ driver: localDriver({ directory: data }) });
    const job = await second.ended(id);
    expect(job).toMatchObject({ status, driver_exit_code: exitCode });
    expect(job.end_time).toBeLessThanOrEqual(between);
  });

  test('a job that is deleted leaves no record, and its ID can be used again', async () => {
    const harness = await startGateway();
    const exit = join(harness.directory, 'data', 'logs', 'again.exit');
    for (const code of [3, 0]) {
      await harness.submit(`exit ${code}`, { submission_id: 'again' });
      expect((await harness.ended('again')).driver_exit_code).toBe(code);
      expect(await readFile(exit, 'utf8')).toBe(`exited 00${code}\n`);
      await harness.call('DELETE', '/jobs/again/');
      expect(existsSync(exit)).toBe(false);
    }
  });
});

/** Each writes what it did into a file of its own: the truth, whatever a gateway says. */
const PHASES: Record<string, (truth: string) => string> = {
  short: (truth) => `echo began > ${truth}; echo 0 >> ${truth}`,
  failing: (truth) => `echo began > ${truth}; sleep 0.0$(($$ % 10)); echo 3 >> ${truth}; exit 3`,
  running: (truth) => `echo began > ${truth}; sleep 1; echo 4 >> ${truth}; exit 4`,
  stopping: (truth) => `trap 'echo 5 >> ${truth}; exit 5' TERM; echo began > ${truth}; sleep 60 & wait; wait`,
};

describe('a gateway that is killed', () => {
  // In the middle of the submissions, right after them, and while jobs end and are stopped.
  test.each([0, 5, 15, 30, 60, 120])(
    'at any phase of a job (%i ms after the first submission is accepted) is followed by one that tells the truth',
    async (delayMs) => {
      const directory = await makeDirectory();
      const data = join(directory, 'data');
      const first = await startProcess(data, 'keep');
      const ids = Array.from({ length: 6 }, (_, round) =>
        Object.keys(PHASES).map((phase) => `${phase}-${round}`),
      ).flat();
      const truthOf = (id: string) => join(directory, id);
      const entrypointOf = (id: string) => PHASES[id.split('-')[0] as string]?.(truthOf(id)) as string;
      const submit = async (id: string) => {
        await first.call('POST', '/jobs/', { submission_id: id, entrypoint: entrypointOf(id) });
        if (id.startsWith('stopping')) await first.call('POST', `/jobs/${id}/stop/`);
      };
      const submissions = ids.map((id) => submit(id).catch(() => undefined));
      await submissions[0];
      await new Promise((resolve) => setTimeout(resolve, delayMs));
      await end(first, 'SIGKILL');
      await Promise.all(submissions);

      const second = await startProcess(data, 'stop');
      for (const id of ids) {
        if (id.startsWith('stopping')) await (await second.call('POST', `/jobs/${id}/stop/`)).text();
        await (await second.call('GET', `/jobs/${id}/logs/stream/`)).text();
        const answer = await second.call('GET', `/jobs/${id}/`);
        const said = (await answer.json()) as Awaited<ReturnType<typeof second.get>>;
        const did = existsSync(truthOf(id)) ? (await readFile(truthOf(id), 'utf8')).split('\n') : [];
        const exitCode = did[1] ? Number(did[1]) : undefined;
        const seen = JSON.stringify({
          id,
          did,
          status: said.status,
          code: said.driver_exit_code,
          message: said.message,
        });
        if (answer.status === 404) expect(did, seen).toEqual([]);
        else if (said.driver_exit_code === null) expect(said.message, seen).toMatch(/no sign|was stopped/);
        else if (said.driver_exit_code < 0) expect(said.status, seen).toBe('STOPPED');
        else {
          expect(said.driver_exit_code, seen).toBe(exitCode);
          const expected = id.startsWith('stopping') ? 'STOPPED' : exitCode === 0 ? 'SUCCEEDED' : 'FAILED';
          expect(said.status, seen).toBe(expected);
        }
        if (/no sign/.test(said.message ?? '')) expect(did, seen).toEqual([]);
        // What was not killed itself is never lost.
        if (!id.startsWith('stopping')) expect(said.message ?? '', seen).not.toMatch(/lost/);
        if (exitCode !== undefined && !id.startsWith('stopping'))
          expect(said.driver_exit_code, seen).toBe(exitCode);
      }
      expect(await end(second, 'SIGTERM')).toBe(0);
    },
    60_000,
  );
});
