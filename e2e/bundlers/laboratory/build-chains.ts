import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const folder = join(import.meta.dirname, '..', '..', '..', '.tools', 'build-chains');

/** Tried, and the same for everybody; too large for the install that `npm test` does. */
const manifest = {
  name: 'build-chains',
  private: true,
  dependencies: {
    '@babel/core': '8.1.3',
    '@babel/preset-env': '8.0.7',
    '@rollup/plugin-commonjs': '29.0.3',
    '@rollup/plugin-node-resolve': '16.0.3',
    esbuild: '0.28.2',
    jest: '30.5.2',
    miniflare: '4.20260730.0',
    next: '16.4.6',
    react: '19.3.1',
    'react-dom': '19.3.1',
    rollup: '4.68.8',
    vite: '8.4.0',
    webpack: '5.113.0',
    'webpack-cli': '7.3.1',
  },
};

/** The folder of the tools, which are installed unless they are there. Every project inside of it has them. */
export async function buildChains(): Promise<string> {
  const wanted = JSON.stringify(manifest);
  // Written last: an install that broke off is begun again.
  const done = join(folder, 'installed.json');
  if ((await readFile(done, 'utf8').catch(() => '')) === wanted) return folder;
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'package.json'), wanted);
  await run('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts'], { cwd: folder });
  await writeFile(done, wanted);
  return folder;
}
