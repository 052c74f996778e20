import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';

interface Outcome {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs an example as a user would. */
function runExample(name: string, ...args: string[]): Promise<Outcome> {
  const cwd = join(import.meta.dirname, name);
  return new Promise((resolve) => {
    execFile('node', [`${name}.ts`, ...args], { cwd }, (error, stdout, stderr) => {
      resolve({ code: error ? Number(error.code) : 0, stdout, stderr });
    });
  });
}

test('tail-a-job prints every line of the job once and in order, then tails it again where WebSockets are refused', async () => {
  const { code, stdout, stderr } = await runExample('tail-a-job');
  expect(stderr).toBe('');
  expect(code).toBe(0);
  const steps = stdout.split('\n').filter((line) => /^epoch \d step/.test(line));
  expect(steps.map((line) => line.split(' loss')[0])).toEqual(
    [1, 2, 3, 4, 5].flatMap((epoch) =>
      Array.from({ length: 36 }, (_, index) => `epoch ${epoch} step ${String(index + 1).padStart(2)}`),
    ),
  );
  expect(stdout).toContain('loading the data set ████████████████████ 100 %\n');
  expect(stdout).toContain('SUCCEEDED, exit code 0');
  const [, lines, bytes] = /first tail: (\d+) lines, (\d+) bytes over websocket/.exec(stdout) ?? [];
  expect(Number(lines)).toBeGreaterThan(200);
  expect(stdout).toMatch(/fallback: websocket → http, because: .*403/);
  expect(stdout).toContain(`second tail: ${lines} lines, ${bytes} bytes over http`);
});

test('tail-a-job exits with the exit code of its job', async () => {
  const { code, stdout } = await runExample('tail-a-job', 'echo "about to fail"; exit 3');
  expect(stdout).toContain('about to fail\n');
  expect(stdout).toContain('FAILED, exit code 3');
  expect(code).toBe(3);
});

test.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const)('tail-a-job on %s stops its job, and leaves no folder behind', async (signal, exitCode) => {
  const folder = await mkdtemp(join(tmpdir(), 'raywire-example-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const cwd = join(import.meta.dirname, 'tail-a-job');
  const environment = { ...process.env, TMPDIR: folder };
  const child = spawn('node', ['tail-a-job.ts', 'echo "pid $$."; exec sleep 300'], {
    cwd,
    env: environment,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  let stdout = '';
  let pid: number | undefined;
  for await (const chunk of child.stdout.iterator({ destroyOnReturn: false })) {
    stdout += chunk;
    pid = Number(/^pid (\d+)\.$/m.exec(stdout)?.[1]);
    if (pid > 0) break;
  }
  child.kill(signal);
  expect(await exited).toEqual([exitCode, null]);
  expect(pid).toBeGreaterThan(0);
  expect(() => process.kill(pid as number, 0)).toThrow('ESRCH');
  expect(await readdir(folder)).toEqual([]);
});

test('custom-transport tails a job over a transport of its own', async () => {
  const { code, stdout, stderr } = await runExample('custom-transport');
  expect(stderr).toBe('');
  expect(stdout).toBe('line 1\nline 2\nline 3\ncomplete: 3 lines over node-http, exit code 0\n');
  expect(code).toBe(0);
});

test('custom-backend tails files of a folder as jobs, and goes on by a cursor', async () => {
  const { code, stdout, stderr } = await runExample('custom-backend');
  expect(stderr).toBe('');
  expect(stdout).toBe(
    'epoch 1\nepoch 2\nepoch 3\naccuracy 0.9\ncomplete: SUCCEEDED, exit code 0\njobs: train SUCCEEDED\n',
  );
  expect(code).toBe(0);
});

test('custom-mixin adds a method to the base client and to the whole one', async () => {
  const { code, stdout, stderr } = await runExample('custom-mixin');
  expect(stderr).toBe('');
  expect(stdout).toBe('base client: SUCCEEDED 2, FAILED 1\nwhole client: SUCCEEDED 2, FAILED 1\n');
  expect(code).toBe(0);
});

test('selective-install tails a job with one transport on disk and nothing of the other', async () => {
  const { code, stdout, stderr } = await runExample('selective-install');
  expect(stderr).toBe('');
  expect(stdout).toBe(
    'core, network, ray and transport-http alone, without ws and isomorphic-ws: complete 2 lines over http\n' +
      'core, network, ray and transport-ws alone, without undici: complete 2 lines over websocket\n',
  );
  expect(code).toBe(0);
});
