import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { checkArrows } from './check-arrows.ts';

const rules = {
  core: { arrows: [], browser: true },
  network: { arrows: ['core'], browser: true },
  ray: { arrows: ['network'], browser: true },
  gateway: { arrows: ['ray'], browser: false },
  'transport-testkit': { arrows: ['core'], browser: false },
};

let root: string;

function write(file: string, content: string | object): void {
  mkdirSync(dirname(join(root, file)), { recursive: true });
  writeFileSync(join(root, file), typeof content === 'string' ? content : JSON.stringify(content));
}

function writeManifest(name: string, more: object = {}): void {
  write(`packages/${name}/package.json`, {
    name: `@raywire/${name}`,
    exports: { '.': { types: './dist/index.d.ts', default: './dist/index.js' } },
    dependencies: { '@raywire/core': '1', '@raywire/network': '1', '@raywire/ray': '1' },
    ...more,
  });
}

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'raywire-arrows-'));
  write('package.json', { name: 'raywire', devDependencies: { vitest: '5' } });
  for (const name of Object.keys(rules)) writeManifest(name);
});

afterEach(() => rmSync(root, { recursive: true }));

test('imports along the arrows, direct and at one remove, are no violation', () => {
  write('packages/ray/src/index.ts', "import '@raywire/network';\nexport type { A } from '@raywire/core';");
  expect(checkArrows(root, rules)).toEqual([]);
});

test.each([
  ["import { a } from '@raywire/ray';"],
  ["import type { A } from '@raywire/ray';"],
  ["export { a } from '@raywire/ray';"],
  ["export * from '@raywire/ray';"],
  ["const a = await import('@raywire/ray');"],
  ["type A = import('@raywire/ray').A;"],
])('an import against the arrows is caught: %s', (code) => {
  write('packages/core/src/index.ts', `\n${code}`);
  expect(checkArrows(root, rules)).toEqual([
    'packages/core/src/index.ts:2 imports @raywire/ray against the arrows of tooling/arrows.ts',
  ]);
});

test('a test may use the testkit, and production code may not', () => {
  writeManifest('ray', { devDependencies: { '@raywire/transport-testkit': '1' } });
  write('packages/ray/src/a.test.ts', "import 'vitest';\nimport '@raywire/transport-testkit';");
  write('packages/ray/src/testing/a.ts', "import 'vitest';\nimport 'node:fs';");
  expect(checkArrows(root, rules)).toEqual([]);
  write('packages/ray/src/a.ts', "import '@raywire/transport-testkit';");
  expect(checkArrows(root, rules)).toHaveLength(1);
});

test('a file below test/ may use what the root declares for tests, and production code may not', () => {
  write('package.json', { name: 'raywire', devDependencies: { vitest: '5', '@raywire/gateway': '1' } });
  write('packages/ray/test/lab.ts', "import 'vitest';\nimport '@raywire/gateway';\nimport 'node:fs';");
  expect(checkArrows(root, rules)).toEqual([]);
  write('packages/ray/src/a.ts', "import '@raywire/gateway';");
  expect(checkArrows(root, rules)).toEqual([
    'packages/ray/src/a.ts:1 imports @raywire/gateway against the arrows of tooling/arrows.ts',
  ]);
});

test('a package that has no row in the table is caught', () => {
  writeManifest('stranger');
  expect(checkArrows(root, rules)).toEqual([
    'packages/stranger: this package has no row in tooling/arrows.ts',
  ]);
});

test('a deep import is caught, and an export with a subpath is none', () => {
  writeManifest('core', { exports: { '.': './dist/index.js', './memory': './dist/memory.js' } });
  write('packages/network/src/a.ts', "import '@raywire/core/memory';");
  expect(checkArrows(root, rules)).toEqual([]);
  write('packages/network/src/a.ts', "import '@raywire/core/dist/index.js';");
  expect(checkArrows(root, rules)).toEqual([
    'packages/network/src/a.ts:1 reaches into @raywire/core: ./dist/index.js is not among its exports',
  ]);
});

test("a relative path into another package's source is caught", () => {
  write('packages/network/src/a.ts', "import '../../core/src/index.js';");
  expect(checkArrows(root, rules)).toEqual([
    'packages/network/src/a.ts:1 reaches out of its package by ../../core/src/index.js',
  ]);
});

test('files of a package that import each other in a circle are caught, by types and by import conditions too', () => {
  writeManifest('core', {
    imports: { '#b': { browser: './dist/b.js', default: './dist/b.node.js' } },
  });
  write('packages/core/src/room/a.ts', "import '#b';\nexport * from '../c.js';");
  write('packages/core/src/b.ts', "import './c.js';");
  write('packages/core/src/c.ts', 'export {};');
  write('packages/core/src/a.test.ts', "import './room/a.js';\nimport './c.js';");
  expect(checkArrows(root, rules)).toEqual([]);
  write('packages/core/src/c.ts', "\nimport type { A } from './room/a.js';");
  write('packages/core/src/b.node.ts', "import './b.node.js';");
  expect(checkArrows(root, rules)).toEqual([
    'packages/core/src/c.ts:2 closes a circle of imports: room/a.ts → b.ts → c.ts → room/a.ts',
    'packages/core/src/b.node.ts:1 closes a circle of imports: b.node.ts → b.node.ts',
  ]);
});

test('an import of an undeclared dependency is caught, and a devDependency is none for production code', () => {
  writeManifest('gateway', { devDependencies: { ws: '8' } });
  write('packages/gateway/src/a.ts', "import 'fastify';\nimport 'ws';\nimport 'vitest';");
  write('packages/gateway/src/a.test.ts', "import 'ws';\nimport 'vitest';");
  expect(checkArrows(root, rules)).toEqual(
    ['fastify', 'ws', 'vitest'].map(
      (name, index) =>
        `packages/gateway/src/a.ts:${index + 1} imports ${name}, which its package.json does not declare`,
    ),
  );
});

test('an undeclared import of an example is caught', () => {
  write('examples/one/package.json', { name: 'one', dependencies: { '@raywire/core': '1' } });
  write('examples/one/one.ts', "import '@raywire/core';\nimport '@raywire/ray';\nimport 'node:fs';");
  expect(checkArrows(root, rules)).toEqual([
    'examples/one/one.ts:2 imports @raywire/ray, which its package.json does not declare',
  ]);
});

test.each([
  ["import { readFile } from 'node:fs';"],
  ["import 'fs';"],
  ["type A = import('node:net').Socket;"],
])('a module of Node in a package for browsers is caught: %s', (code) => {
  write('packages/core/src/a.ts', code);
  write('packages/core/src/a.node.ts', code);
  write('packages/core/src/a.test.ts', code);
  write('packages/gateway/src/a.ts', code);
  expect(checkArrows(root, rules)).toEqual([
    expect.stringMatching(/^packages\/core\/src\/a.ts:1 imports .*: core also runs in browsers/),
  ]);
});

test.each([
  ['Buffer.from([])'],
  ['const a = { process }'],
  ['const a = globalThis.process'],
  ['let a: Buffer'],
  ['let a: NodeJS.Timeout'],
  ['require("x".trim())'],
])('a global of Node in a package for browsers is caught: %s', (code) => {
  write('packages/core/src/a.ts', code);
  write('packages/core/src/a.node.ts', code);
  write('packages/gateway/src/a.ts', code);
  expect(checkArrows(root, rules)).toEqual([
    expect.stringMatching(/^packages\/core\/src\/a.ts:1 uses \w+: core also runs in browsers/),
  ]);
});

test.each([
  ['driver.process()'],
  ['const a = { process: 1 }'],
  ['interface A { process: string }'],
  ['function a(process: string) { return process; }'],
  ['const { global, other: process } = a; use(global, process)'],
])('a name that only looks like a global of Node is none: %s', (code) => {
  write('packages/core/src/a.ts', code);
  expect(checkArrows(root, rules)).toEqual([]);
});

test("a file of Node's that a browser would load is caught, along re-exports and import conditions", () => {
  writeManifest('core', {
    exports: { '.': { types: './dist/index.d.ts', default: './dist/index.js' } },
    imports: { '#socket': { browser: './dist/socket.js', default: './dist/socket.node.js' } },
  });
  write('packages/core/src/index.ts', "export * from './a.js';");
  write('packages/core/src/a.ts', "import '#socket';\nimport type { A } from './socket.node.js';");
  write('packages/core/src/socket.node.ts', "import 'node:net';");
  write('packages/core/src/socket.ts', 'export {};');
  expect(checkArrows(root, rules)).toEqual([]);
  write('packages/core/src/socket.ts', "export { a } from './socket.node.js';");
  expect(checkArrows(root, rules)).toEqual([
    'packages/core/src/socket.ts:1 imports ./socket.node.js, and a browser would load it',
  ]);
});

test('a file that cannot be parsed fails the check by name', () => {
  write('packages/core/src/a.ts', 'import {');
  expect(() => checkArrows(root, rules)).toThrow(/packages\/core\/src\/a\.ts/);
});
