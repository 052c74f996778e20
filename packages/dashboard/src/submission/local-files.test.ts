import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { InvalidArgumentError } from '@raywire/core';
import type { RuntimeEnv } from '@raywire/ray';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type PackageHead, startPackageHead } from '../testing/package-head.js';

let folder: string;
let head: PackageHead;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'raywire-'));
  head = await startPackageHead();
});

afterEach(async () => {
  await head.close();
  rmSync(folder, { recursive: true });
});

function write(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
  return path;
}

async function sentEnvironment(runtimeEnv: RuntimeEnv): Promise<RuntimeEnv | undefined> {
  const { submission_id } = await head.client.submitJob({ entrypoint: 'python main.py', runtimeEnv });
  return head.jobs.get(submission_id)?.runtime_env;
}

/** The content of an uploaded package; the names in a ZIP archive can be read in it. */
function uploaded(uri: unknown): Buffer | undefined {
  return head.packages.get(`/api/packages/gcs/${String(uri).replace('gcs://', '')}`);
}

const ZIP = Uint8Array.from([0x50, 0x4b, 0x05, 0x06, ...Array.from({ length: 18 }, () => 0)]);

describe('files of this machine in a runtime environment', () => {
  it('are uploaded: the working directory, and modules as folders, Python files and wheels', async () => {
    write('code/main.py', 'print(1)');
    write('code/left.bin', 'x');
    write('pkg/inner/__init__.py', '');
    const env = await sentEnvironment({
      working_dir: join(folder, 'code'),
      py_modules: [
        join(folder, 'pkg'),
        write('single.py', 'X = 1'),
        write('tool-1.0-py3-none-any.whl', ZIP),
        's3://bucket/other.zip',
      ],
      excludes: ['*.bin'],
      env_vars: { A: 'b' },
    });
    expect(env).toEqual({
      working_dir: expect.stringMatching(/^gcs:\/\/_ray_pkg_[\da-f]{32}\.zip$/),
      py_modules: [
        expect.stringMatching(/^gcs:\/\/_ray_pkg_[\da-f]{32}\.zip$/),
        expect.stringMatching(/^gcs:\/\/_ray_pkg_[\da-f]{32}\.zip$/),
        expect.stringMatching(/^gcs:\/\/tool-1\.0-0[\da-f]{32}-py3-none-any\.whl$/),
        's3://bucket/other.zip',
      ],
      env_vars: { A: 'b' },
    });
    expect(uploaded(env?.working_dir)?.includes('main.py')).toBe(true);
    expect(uploaded(env?.working_dir)?.includes('left.bin')).toBe(false);
    expect(uploaded(env?.py_modules?.[0])?.includes('pkg/inner/__init__.py')).toBe(true);
    expect(uploaded(env?.py_modules?.[1])?.includes('single.py')).toBe(true);
    expect(uploaded(env?.py_modules?.[2])).toEqual(Buffer.from(ZIP));
  });

  it('are read: requirements of pip and uv, and conda', async () => {
    const requirements = write('requirements.txt', '\ntorch==2.9 # pinned\r\nnumpy\nnumpy\n\n');
    const packages = ['torch==2.9 # pinned', 'numpy'];
    expect(await sentEnvironment({ pip: requirements })).toEqual({ pip: packages });
    expect(await sentEnvironment({ pip: { packages: requirements, pip_check: true } })).toEqual({
      pip: { packages, pip_check: true },
    });
    expect(await sentEnvironment({ uv: requirements })).toEqual({ uv: packages });
    const conda = write('environment.yaml', 'dependencies:\n  - python=3.11\n  - pip:\n      - torch\n');
    expect(await sentEnvironment({ conda })).toEqual({
      conda: { dependencies: ['python=3.11', { pip: ['torch'] }] },
    });
    expect(head.packages.size).toBe(0);
  });

  it('are nothing where URIs, names and contents are given: those pass as they are', async () => {
    const given: RuntimeEnv[] = [
      { working_dir: 'https://h/a.zip', excludes: ['*.bin'] },
      { working_dir: 'local:///opt/app', py_modules: ['gcs://a.whl'] },
      { pip: ['torch'], plugin: { a: 1 } },
      { conda: 'pytorch_p36' },
      { conda: '/opt/conda/envs/a' },
    ];
    for (const runtimeEnv of given) expect(await sentEnvironment(runtimeEnv)).toEqual(runtimeEnv);
    expect(head.asked.every((request) => request === 'POST /api/jobs/')).toBe(true);
  });

  it('are uploaded again when a wheel was built again under its name', async () => {
    const name = 'tool-1.0-2-py3-none-any.whl';
    const first = await sentEnvironment({ py_modules: [write(name, 'one')] });
    const second = await sentEnvironment({ py_modules: [write(name, 'two')] });
    expect(String(first?.py_modules)).toMatch(/^gcs:\/\/tool-1\.0-2[\da-f]{32}-py3-none-any\.whl$/);
    expect(uploaded(first?.py_modules)?.toString()).toBe('one');
    expect(uploaded(second?.py_modules)?.toString()).toBe('two');
  });

  it.each<[(path: (name: string) => string) => RuntimeEnv, RegExp]>([
    [
      () => ({ working_dir: './no-such-folder' }),
      /runtimeEnv\.working_dir: "\.\/no-such-folder" is not there\. Pass/,
    ],
    [
      (path) => ({ working_dir: path('main.py') }),
      /working_dir must be a folder or a \.zip.*main\.py" is neither/,
    ],
    [
      (path) => ({ py_modules: ['s3://a.zip', path('a.zip')] }),
      /py_modules\[1\] must be a folder or a \.py or \.whl file/,
    ],
    [
      () => ({ pip: 'torch' }),
      /runtimeEnv\.pip: "torch" cannot be read \(ENOENT\).*pass an array, \["torch"\]/,
    ],
    [() => ({ pip: { packages: 'torch' } }), /runtimeEnv\.pip\.packages: "torch" cannot be read/],
    [() => ({ uv: 'torch' }), /runtimeEnv\.uv: "torch" cannot be read/],
    [() => ({ conda: 'none.yml' }), /runtimeEnv\.conda: "none\.yml" cannot be read/],
    [(path) => ({ conda: path('bad.yaml') }), /bad\.yaml" is not YAML/],
    [(path) => ({ conda: path('list.yaml') }), /list\.yaml" must hold a conda environment/],
    [(path) => ({ working_dir: path('fake.zip') }), /working_dir must be a ZIP.*content is not one/],
  ])('are refused before anything is sent %#', async (environment, message) => {
    write('main.py', '');
    write('a.zip', ZIP);
    write('fake.zip', 'not one');
    write('bad.yaml', 'a: [1');
    write('list.yaml', '- 1');
    const refused = head.client.submitJob({
      entrypoint: 'x',
      runtimeEnv: environment((name) => join(folder, name)),
    });
    await expect(refused).rejects.toThrow(message);
    await expect(refused).rejects.toBeInstanceOf(InvalidArgumentError);
    expect(head.asked).toEqual([]);
  });
});

describe('a working directory', () => {
  it('may be an archive, or a Blob of one, and is named for what is in it', async () => {
    const tar = gzipSync('a tar');
    const given: [string | Blob, Uint8Array, string][] = [
      [write('code.zip', ZIP), ZIP, '.zip'],
      [write('code.tar.gz', tar), tar, '.tar.gz'],
      [write('code.tgz', tar), tar, '.tar.gz'],
      [new Blob([tar]), tar, '.tar.gz'],
      [new Blob([ZIP]), ZIP, '.zip'],
    ];
    for (const [workingDirectory, bytes, extension] of given) {
      const { submission_id } = await head.client.submitJob({ entrypoint: 'x', workingDirectory });
      const uri = head.jobs.get(submission_id)?.runtime_env?.working_dir;
      expect(String(uri).endsWith(extension)).toBe(true);
      expect(uploaded(uri)).toEqual(Buffer.from(bytes));
    }
    // The same content is one package, however it was given.
    expect(head.packages.size).toBe(2);
  });

  it('goes with a runtime environment from Python, where None is null', async () => {
    const runtimeEnv = {
      working_dir: null,
      py_modules: null,
      excludes: null,
      pip: null,
      env_vars: { A: 'b' },
    };
    const { submission_id } = await head.client.submitJob({
      entrypoint: 'x',
      workingDirectory: new Blob([ZIP]),
      runtimeEnv: runtimeEnv as never,
    });
    expect(head.jobs.get(submission_id)?.runtime_env).toMatchObject({
      working_dir: expect.stringContaining('gcs://'),
      py_modules: null,
      env_vars: { A: 'b' },
    });
  });

  it('is refused before anything is sent when it is a Blob of something else', async () => {
    const refused = head.client.submitJob({ entrypoint: 'x', workingDirectory: new Blob(['text']) });
    await expect(refused).rejects.toThrow(/workingDirectory must be a ZIP, \.tar\.gz or \.tar\.xz archive/);
    expect(head.asked).toEqual([]);
  });
});
