import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { build } from './laboratory/build.ts';
import { PageServer } from './laboratory/page-server.ts';
import { EXPECTED, openScenario, type ScenarioGateway } from './laboratory/scenario.ts';

const ESBUILD = 'esbuild page.mjs --bundle --minify --format=esm --outfile=site/esbuild.js';
const WEBPACK = {
  mode: 'production',
  target: 'web',
  entry: './page.mjs',
  output: { filename: 'webpack.js' },
  performance: { hints: false },
};

const project = inject('userProject');
let server: PageServer;
let scenario: ScenarioGateway;

beforeAll(async () => {
  server = await PageServer.open(join(project, 'site'));
  scenario = await openScenario([server.url]);
  server.config = scenario.config;
});

afterAll(async () => {
  await server?.close();
  await scenario?.close();
});

/** Builds a page of one program by Vite. @param define replaces expressions in it */
async function buildByVite(program: string, define: object = {}): Promise<void> {
  await writeFile(
    join(project, 'index.html'),
    `<!doctype html><body><script type="module" src="/${program}"></script></body>`,
  );
  const config = { define, build: { outDir: 'site', emptyOutDir: false, chunkSizeWarningLimit: 2_000 } };
  await writeFile(join(project, 'vite.page.mjs'), `export default ${JSON.stringify(config)};`);
  await build(project, 'vite build --config vite.page.mjs');
}

describe('in Chromium, the page of', () => {
  test('webpack 5 in production does all of the scenario', async () => {
    await writeFile(join(project, 'webpack.page.mjs'), `export default ${JSON.stringify(WEBPACK)};`);
    await build(project, 'webpack --config webpack.page.mjs -o site');
    expect(await server.show('page?script=webpack.js')).toEqual(EXPECTED);
  });

  test('esbuild, minified, does all of the scenario', async () => {
    await build(project, ESBUILD);
    expect(await server.show('page?script=esbuild.js')).toEqual(EXPECTED);
  });

  test('Vite does all of the scenario', async () => {
    await buildByVite('page.mjs');
    expect(await server.show('index.html')).toEqual(EXPECTED);
  });

  test('React shows each line of a log once, though its effects run twice in development', async () => {
    await buildByVite('react-page.jsx', { 'process.env.NODE_ENV': '"development"' });
    expect(await server.show('index.html')).toEqual({ lines: 1_000 });
  });
});
