import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createGateway, localDriver } from '@raywire/gateway';
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { type CodeBlock, exampleBlocks, readmeBlocks } from './code-blocks.ts';
import { ReaderProject } from './reader-project.ts';

const TOKEN = 'token-of-the-readme';
/** The job that the READMEs speak of. */
const JOB_ID = 'raysubmit_abc123';

const root = dirname(dirname(import.meta.dirname));

let project: ReaderProject;

beforeEach(async () => {
  project = await ReaderProject.create();
});

afterEach(() => project.remove());

/** A module of its own, with its first line where the block's is. */
function nameOf(block: CodeBlock): string {
  return `${block.place.replaceAll(/[^\w]/g, '-')}.${block.language === 'ts' ? 'mts' : 'mjs'}`;
}

describe('what a reader is shown', () => {
  test.each([
    ['READMEs', readmeBlocks],
    ['@examples', exampleBlocks],
  ])('in %s compiles', { timeout: 60_000 }, async (_where, blocks) => {
    const found = blocks();
    expect(found.length).toBeGreaterThan(5);
    for (const block of found) await project.write(nameOf(block), `${block.code}\nexport {};\n`);
    expect(await project.compile({ allowJs: true })).toEqual({ code: 0, output: '' });
  });

  const firstBlocks = [
    ...new Map(
      readmeBlocks()
        .toReversed()
        .map((block) => [block.file, block]),
    ).values(),
  ]
    // These need a Ray, and a test runner.
    .filter(({ file }) => !/dashboard|testkit/.test(file))
    .map((block) => [block.place, block] as const);

  test.each(firstBlocks)('first, at %s, runs as written', { timeout: 60_000 }, async (_place, block) => {
    const gateway = createGateway({
      driver: localDriver({ directory: join(project.folder, 'jobs') }),
      token: TOKEN,
    });
    await gateway.listen();
    onTestFinished(() => gateway.close());
    await fetch(`${gateway.url}/jobs/`, {
      method: 'POST',
      headers: { authorization: TOKEN, 'content-type': 'application/json' },
      body: JSON.stringify({ entrypoint: 'echo first; echo last', submission_id: JOB_ID }),
    });
    const code = block.code.replaceAll('127.0.0.1:8899', new URL(gateway.url).host);
    await project.write(nameOf(block), code);
    const { code: exitCode, output } = await project.run('node', [nameOf(block)], {
      RAYWIRE_AGENT_TOKEN: TOKEN,
    });
    expect({ exitCode, output }).toEqual({ exitCode: 0, output: expect.stringMatching(/\S/) });
    if (block.code.includes(JOB_ID) && block.code.includes('for await')) expect(output).toContain('last');
  });
});

test('core’s README lists every code that an error of the packages can have', () => {
  const table = readFileSync(join(root, 'packages/core/README.md'), 'utf8');
  const codes = globSync('packages/*/src/**/*.ts', { cwd: root })
    .filter((file) => !/\.test\.ts$|\/testing\//.test(file))
    .flatMap((file) => [...readFileSync(join(root, file), 'utf8').matchAll(/\bcode: '([A-Z_]+)'/g)])
    .map(([, code]) => code as string);
  expect(codes).toContain('NOT_FOUND');
  expect([...new Set(codes)].filter((code) => !table.includes(`\`${code}\``))).toEqual([]);
});

test('a switch over the code of an error narrows to the class that core’s README names', async () => {
  const table = readFileSync(join(root, 'packages/core/README.md'), 'utf8');
  const codesOf: Record<string, string[]> = {};
  for (const [, code = '', name = ''] of table.matchAll(/^\| `([A-Z_]+)` +\| `(\w+)`/gm))
    codesOf[name] = [...(codesOf[name] ?? []), `'${code}'`];
  expect(Object.keys(codesOf).length).toBeGreaterThanOrEqual(20);
  const cases = Object.entries(codesOf).map(([name, codes]) => {
    // These have subclasses, which own other codes.
    const isRoot = name === 'ClientError' || name === 'HTTPError';
    const owner = isRoot ? `core.${name} & { readonly code: ${codes.join(' | ')} }` : `core.${name}`;
    return `case ${codes.join(': case ')}: true satisfies Exactly<typeof error, ${owner}>; break;`;
  });
  await project.write(
    'switch.ts',
    `import type * as core from '@raywire/core';
     type Exactly<T, U> = (<X>() => X extends T ? 1 : 2) extends <X>() => X extends U ? 1 : 2 ? true : never;
     export function check(error: core.RaywireError): void {
       switch (error.code) {
         ${cases.join('\n')}
         default: error satisfies never;
       }
     }`,
  );
  expect(await project.compile()).toEqual({ code: 0, output: '' });
});
