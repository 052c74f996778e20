import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { DashboardClient, SubmitJobOptions } from '@raywire/dashboard';
import { packLocalFiles } from '@raywire/ray/internal';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { IS_OLDER_RAY } from './python-environment.ts';
import { newClient } from './ray-suite.ts';

let client: DashboardClient;
let folder: string;

beforeAll(() => {
  client = newClient();
  folder = mkdtempSync(join(tmpdir(), 'raywire-'));
});

afterAll(async () => {
  await client.close();
  rmSync(folder, { recursive: true });
});

function write(files: Record<string, string>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
}

async function linesOf(options: SubmitJobOptions): Promise<string[]> {
  const run = client.runJob(options);
  const lines: string[] = [];
  for await (const line of run) lines.push(line);
  const { status, message } = await run.result;
  expect({ status, message, lines }).toMatchObject({ status: 'SUCCEEDED' });
  return lines;
}

it('a job has the modules and the working directory of this machine', async () => {
  const version = Math.random();
  write({
    'code/main.py': 'import nested.deep, single, tool\nprint("loaded", nested.deep.X, single.X, tool.X)\n',
    'nested/__init__.py': '',
    'nested/deep.py': `X = ${version}`,
    'single.py': 'X = "single"',
    'wheel/tool.py': `X = ${version}`,
    'wheel/tool-1.0.dist-info/METADATA': 'Metadata-Version: 2.1\nName: tool\nVersion: 1.0\n',
    'wheel/tool-1.0.dist-info/WHEEL': 'Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n',
    'wheel/tool-1.0.dist-info/RECORD':
      'tool.py,,\ntool-1.0.dist-info/METADATA,,\ntool-1.0.dist-info/WHEEL,,\n',
  });
  const { bytes } = await packLocalFiles(
    { source: join(folder, 'wheel'), kind: 'directory', place: 'wheel', excludes: [] },
    { onProgress: undefined, signal: undefined },
  );
  const wheel = join(folder, 'tool-1.0-py3-none-any.whl');
  writeFileSync(wheel, bytes);
  const lines = await linesOf({
    entrypoint: 'python main.py',
    runtimeEnv: {
      working_dir: join(folder, 'code'),
      py_modules: [join(folder, 'nested'), join(folder, 'single.py'), wheel],
    },
  });
  expect(lines).toContain(`loaded ${version} single ${version}`);
});

it.each(IS_OLDER_RAY ? ['zip'] : ['zip', 'tar.gz', 'blob'])('a job runs in an archive: %s', async (kind) => {
  write({ 'archive/main.py': `print("in ${kind}")` });
  const source = join(folder, 'archive');
  const zip = async (): Promise<Uint8Array> => {
    const settings = { onProgress: undefined, signal: undefined };
    return (await packLocalFiles({ source, kind: 'directory', place: 'archive', excludes: [] }, settings))
      .bytes;
  };
  const path = join(folder, `archive.${kind}`);
  if (kind === 'zip') writeFileSync(path, await zip());
  else execFileSync('tar', ['-czf', path, '-C', source, '.']);
  const workingDirectory = kind === 'blob' ? new Blob([readFileSync(path)]) : path;
  expect(await linesOf({ entrypoint: 'python main.py', workingDirectory })).toContain(`in ${kind}`);
});

it.skipIf(IS_OLDER_RAY)('a job runs on a node with the labels that are asked for', async () => {
  const entrypointLabelSelector = { 'ray.io/node-id': '!none-of-ours' };
  const lines = await linesOf({ entrypoint: 'echo here', entrypointLabelSelector });
  expect(lines).toContain('here');
});
