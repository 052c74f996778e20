// Packs every public package as it would be published, and lets publint and attw judge the tarballs.
import { execFileSync, spawnSync } from 'node:child_process';
import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const root = dirname(import.meta.dirname);
const required = ['package/LICENSE', 'package/README.md', 'package/package.json', 'package/dist/index.d.ts'];

function publicPackages(): string[] {
  const manifests = globSync('packages/*/package.json', { cwd: root }).sort();
  return manifests
    .filter((file) => !JSON.parse(readFileSync(join(root, file), 'utf8')).private)
    .map((file) => dirname(file));
}

/** Everything that is wrong with a package as packed. */
function problemsOf(folder: string, destination: string): string[] {
  const { name } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { name: string };
  execFileSync('pnpm', ['pack', '--pack-destination', destination], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const [tarball] = globSync(`${name.replace('@', '').replace('/', '-')}-*.tgz`, { cwd: destination });
  if (!tarball) return [`${name}: pnpm pack made no tarball`];
  const file = join(destination, tarball);
  const listed = execFileSync('tar', ['-tzf', file], { encoding: 'utf8' }).split('\n');
  const problems = required
    .filter((entry) => !listed.includes(entry))
    .map((entry) => `${name}: no ${entry} inside`);
  problems.push(
    ...listed
      .filter((entry) => /\.test\.|\/test(ing)?\//.test(entry))
      .map((entry) => `${name}: ships ${entry}`),
  );
  for (const [tool, ...args] of [
    ['publint', 'run', '--strict', file],
    ['attw', '--profile', 'esm-only', '--no-emoji', '--format', 'ascii', file],
  ] as const) {
    const { status, stdout, stderr } = spawnSync(tool, args, { encoding: 'utf8' });
    if (status !== 0) problems.push(`${name}: ${tool}\n${stdout}${stderr}`);
  }
  return problems;
}

const destination = mkdtempSync(join(tmpdir(), 'raywire-packed-'));
try {
  let failed = 0;
  for (const folder of publicPackages()) {
    const problems = problemsOf(join(root, folder), destination);
    for (const problem of problems) console.error(problem);
    failed += problems.length > 0 ? 1 : 0;
    console.log(`${folder}: ${problems.length === 0 ? 'as it should be' : 'not fit to publish'}`);
  }
  if (failed > 0) process.exitCode = 1;
} finally {
  rmSync(destination, { recursive: true });
}
