import { execFileSync } from 'node:child_process';
import {
  cpSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

const root = dirname(import.meta.dirname);
const bin = join(root, 'node_modules', '.bin');
let copy: string;

/** The version of every public package, by name. */
function versions(): Record<string, string> {
  const manifests = globSync('packages/*/package.json', { cwd: copy }).sort();
  return Object.fromEntries(
    manifests
      .map((file) => JSON.parse(readFileSync(join(copy, file), 'utf8')))
      .filter((manifest) => !manifest.private)
      .map((manifest) => [manifest.name, manifest.version]),
  );
}

function git(...args: string[]): void {
  execFileSync('git', args, { cwd: copy });
}

function release(): void {
  execFileSync(join(bin, 'changeset'), ['version'], { cwd: copy, stdio: 'pipe' });
  git('commit', '--quiet', '--all', '--allow-empty', '--message', 'release');
}

beforeAll(() => {
  copy = mkdtempSync(join(tmpdir(), 'raywire-changesets-'));
  const files = ['package.json', '{packages,examples}/*/package.json', 'pnpm-workspace.yaml', '.changeset/*'];
  for (const file of globSync(files, { cwd: root })) {
    mkdirSync(dirname(join(copy, file)), { recursive: true });
    cpSync(join(root, file), join(copy, file));
  }
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
  writeFileSync(join(copy, '.gitignore'), 'node_modules\n');
  git('init', '--quiet', '--initial-branch', 'main');
  git('config', 'user.name', 'test');
  git('config', 'user.email', 'test@localhost');
  git('add', '.');
  git('commit', '--quiet', '--message', 'before');
});

afterAll(() => rmSync(copy, { recursive: true, force: true }));

test('with the pending changesets every public package is at 1.0.0 or later', () => {
  release();
  for (const [name, version] of Object.entries(versions())) expect(version, name).toMatch(/^[1-9]/);
});

test('a minor of core releases core alone', () => {
  const before = versions();
  writeFileSync(join(copy, '.changeset', 'next.md'), "---\n'@raywire/core': minor\n---\n\nSomething more.\n");
  release();
  const [major, minor] = (before['@raywire/core'] ?? '').split('.').map(Number);
  expect(versions()).toEqual({ ...before, '@raywire/core': `${major}.${Number(minor) + 1}.0` });
});
