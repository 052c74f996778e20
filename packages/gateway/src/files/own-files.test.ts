import { execFileSync } from 'node:child_process';
import { chmod, chown, link, mkdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createGateway } from '../gateway.js';
import { localDriver } from '../local/local-driver.js';
import { makeDirectory, startGateway, TOKEN } from '../testing/gateway-harness.js';

const ANOTHER_USER = 65_533;

const listen = (directory: string): Promise<void> =>
  createGateway({ driver: localDriver({ directory }), token: TOKEN }).listen();

/** A folder of somebody else's with a file, as it was before. */
async function makeVictim() {
  const folder = join(await makeDirectory(), 'victim');
  await mkdir(folder);
  await chmod(folder, 0o755);
  const file = join(folder, 'file');
  await writeFile(file, 'precious', { mode: 0o644 });
  const expectUntouched = async () => {
    expect((await stat(folder)).mode & 0o777).toBe(0o755);
    expect((await stat(file)).mode & 0o777).toBe(0o644);
    expect(await readFile(file, 'utf8')).toBe('precious');
  };
  return { folder, file, expectUntouched };
}

describe('a gateway goes nowhere through a link', () => {
  test('in place of its folder, its logs or its store', async () => {
    const victim = await makeVictim();
    const link = join(await makeDirectory(), 'link');
    await symlink(victim.folder, link);
    await expect(listen(link)).rejects.toThrow(/link' is a link or not a folder.*another directory/);

    const withLogs = await makeDirectory();
    await symlink(victim.folder, join(withLogs, 'logs'));
    await expect(listen(withLogs)).rejects.toThrow(/logs' is a link or not a folder/);

    for (const name of ['jobs.sqlite', 'jobs.sqlite-wal', 'jobs.sqlite-shm']) {
      const directory = await makeDirectory();
      await symlink(victim.file, join(directory, name));
      await expect(listen(directory)).rejects.toThrow(`${name}' is a link or not a file`);
    }
    await victim.expectUntouched();
  });

  test('a hard one, to a file that SQLite would write', async () => {
    const victim = await makeVictim();
    const directory = await makeDirectory();
    await link(victim.file, join(directory, 'jobs.sqlite-wal'));
    await expect(listen(directory)).rejects.toThrow(/jobs.sqlite-wal' has a second name/);
    await victim.expectUntouched();
  });

  test.each([
    ['soft', symlink],
    ['hard', link],
  ])('a %s one, in place of the log of a job that is to begin', async (_name, makeLink) => {
    const victim = await makeVictim();
    const harness = await startGateway();
    await makeLink(victim.file, join(harness.directory, 'data', 'logs', 'job.log'));
    await harness.ended(await harness.submit('echo mine', { submission_id: 'job' }));
    expect((await harness.call('GET', '/jobs/job/logs/')).text).toBe('mine\n');
    await victim.expectUntouched();
  });

  test('in place of the log of a job that has ended, nor waits for a pipe there', async () => {
    const victim = await makeVictim();
    const harness = await startGateway();
    const log = join(harness.directory, 'data', 'logs', 'job.log');
    await harness.ended(await harness.submit('echo mine', { submission_id: 'job' }));
    for (const make of [['ln', '-sf', victim.file], ['mkfifo']]) {
      execFileSync('rm', [log]);
      execFileSync(make[0] as string, [...make.slice(1), log]);
      const answer = await harness.call('GET', '/jobs/job/logs/');
      expect(answer.status).toBe(500);
      expect(answer.text).not.toContain('precious');
    }
    expect(harness.events.filter(({ type }) => type === 'error')).toHaveLength(2);
    await victim.expectUntouched();
  });
});

describe.skipIf(process.geteuid?.() !== 0)('a gateway takes nothing of another user (needs root)', () => {
  test('neither its folder, nor logs or a store within', async () => {
    for (const [name, make] of [
      ['', mkdir],
      ['logs', mkdir],
      ['jobs.sqlite', (path: string) => writeFile(path, '')],
    ] as const) {
      const directory = await makeDirectory();
      const path = join(directory, name);
      if (name !== '') await make(path);
      await chmod(path, 0o755);
      await chown(path, ANOTHER_USER, ANOTHER_USER);
      await expect(listen(directory)).rejects.toThrow(
        `'${path.replace(/\/$/, '')}' belongs to user ${ANOTHER_USER}, and the gateway runs as user 0`,
      );
      expect(await stat(path)).toMatchObject({ uid: ANOTHER_USER, mode: expect.any(Number) });
      expect((await stat(path)).mode & 0o777).toBe(0o755);
    }
  });
});
