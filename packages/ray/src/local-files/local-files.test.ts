import { InvalidArgumentError } from '@raywire/core';
import { expect, test } from 'vitest';
import * as browser from './local-files.browser.js';
import * as node from './local-files.node.js';
import type { LocalFiles } from './local-package.js';

const SETTINGS = { onProgress: undefined, signal: undefined };
const GZIP = new Blob([Uint8Array.from([0x1f, 0x8b, 8, 0])]);

function files(source: string | Blob): LocalFiles {
  return { source, kind: 'directory', place: 'submitJob: workingDirectory', excludes: [] };
}

test.each([
  ['Node', node],
  ['browsers', browser],
])('a Blob of an archive is a package in %s, and one of something else is refused', async (_name, twin) => {
  await twin.checkLocalFiles(files(GZIP));
  const { name, bytes } = await twin.packLocalFiles(files(GZIP), SETTINGS);
  expect(name).toMatch(/^_ray_pkg_[\da-f]{32}\.tar\.gz$/);
  expect(bytes).toEqual(Uint8Array.from([0x1f, 0x8b, 8, 0]));
  const other = twin.packLocalFiles(files(new Blob(['text'])), SETTINGS);
  await expect(other).rejects.toThrow(/workingDirectory must be a ZIP, \.tar\.gz or \.tar\.xz archive/);
});

test('a path is refused in browsers, with the remedy', async () => {
  const refused = browser.packLocalFiles(files('.'), SETTINGS);
  await expect(refused).rejects.toThrow('pass a Blob of a ZIP archive, or a URI');
  await expect(refused).rejects.toBeInstanceOf(InvalidArgumentError);
});

test('a Blob that is larger than Ray takes is refused unread', async () => {
  const large = { size: 100 * 1024 * 1024 + 1, arrayBuffer: () => Promise.reject(new Error('read')) } as Blob;
  await expect(browser.packLocalFiles(files(large), SETTINGS)).rejects.toMatchObject({
    code: 'WORKING_DIRECTORY_TOO_LARGE',
    message: expect.stringContaining('Ray takes at most 104857600'),
  });
});
