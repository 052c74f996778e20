import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { runProgram } from '../runtimes/laboratory/run-program.ts';
import { build, runCommand } from './laboratory/build.ts';
import { readmeCommand } from './laboratory/readme.ts';
import { EXPECTED, openScenario, type ScenarioGateway } from './laboratory/scenario.ts';

/** Longer than an exit takes on a busy machine, and shorter than any time-out that a leak would wait for. */
const EXIT_MS = 2_500;
const MINIFIED_CJS =
  'esbuild main.cjs --bundle --platform=node --format=cjs --minify --outfile=dist/minified.cjs';

const project = inject('userProject');
let scenario: ScenarioGateway;

beforeAll(async () => {
  scenario = await openScenario();
});

afterAll(() => scenario?.close());

const run = (program: string) =>
  runProgram(process.execPath, [program, JSON.stringify(scenario.config)], project);

async function expectWhole(program: string): Promise<void> {
  const { stdout, stderr, code, lingeredMs } = await run(program);
  expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
  expect(JSON.parse(stdout)).toEqual(EXPECTED);
  expect(lingeredMs).toBeLessThan(EXIT_MS);
}

/** The configurations of Vite that are tried. */
const vite = (name: string, ssr: object): Promise<void> =>
  writeFile(
    join(project, `vite.${name}.mjs`),
    `export default ${JSON.stringify({ ssr, build: { ssr: 'main.mjs', minify: true, outDir: `dist/${name}`, emptyOutDir: false } })};`,
  );

describe('lists jobs, tails by both wires, tells errors apart, closes and exits:', () => {
  test.each(['main.mjs', 'main.cjs'])('%s as it is, by import or as in Electron by require()', expectWhole);

  test.each([
    ['webpack 5 in production', 'webpack', 'dist/main.cjs'],
    ['Rollup', 'rollup -c', 'dist/main.mjs'],
    ['esbuild to an ES module, packages outside', readmeCommand('--packages=external'), 'dist/main.mjs'],
    ['esbuild to an ES module, by the banner', readmeCommand('--banner'), 'dist/main.mjs'],
    ['esbuild to CommonJS, minified', MINIFIED_CJS, 'dist/minified.cjs'],
  ])('%s', async (_name, command, program) => {
    await build(project, command);
    await expectWhole(program);
  });

  test.each([
    ['the packages outside', 'outside', {}],
    ['the packages inside', 'inside', { noExternal: true }],
  ])('Vite for a server, %s', async (_name, name, ssr) => {
    await vite(name, ssr);
    await build(project, `vite build --config vite.${name}.mjs`);
    await expectWhole(`dist/${name}/main.mjs`);
  });
});

describe('esbuild’s ES module without a require', () => {
  test('says at the first call that undici cannot be loaded and the remedy, once; close() resolves', async () => {
    await runCommand(
      project,
      'esbuild unloadable.mjs --bundle --platform=node --format=esm --outfile=dist/unloadable.mjs',
    );
    const { stdout, stderr, code, lingeredMs } = await run('dist/unloadable.mjs');
    expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
    const { errors, retries } = JSON.parse(stdout);
    expect(retries).toBe(0);
    expect(errors).toHaveLength(4);
    for (const error of errors) {
      expect(error).toEqual({
        name: 'TransportUnavailableError',
        code: 'TRANSPORT_UNAVAILABLE',
        message: expect.stringMatching(
          /^(undici|ws) cannot be loaded: Dynamic require of "[\w:]+" is not supported\. .*--external:\1\).*createRequire banner/,
        ),
      });
    }
    expect(lingeredMs).toBeLessThan(EXIT_MS);
  });
});
