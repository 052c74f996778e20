import { InvalidArgumentError } from '@raywire/core';
import { refuseOption } from '@raywire/core/internal';
import { type LocalPackage, MAX_PACKAGE_BYTES } from './local-package.js';

/** What Ray unpacks, each with the bytes that it begins with. */
const ARCHIVES: readonly [extension: string, start: readonly number[]][] = [
  ['.zip', [0x50, 0x4b]],
  ['.tar.gz', [0x1f, 0x8b]],
  ['.tar.xz', [0xfd, 0x37, 0x7a, 0x58, 0x5a]],
];

/** @throws {InvalidArgumentError} when it is not an archive, or too large; `place` is the caller's name for it */
export async function archivePackage(bytes: Uint8Array, place: string): Promise<LocalPackage> {
  requireSize(bytes.length, place);
  const archive = ARCHIVES.find(([, start]) => start.every((byte, index) => bytes[index] === byte));
  if (archive === undefined)
    refuseOption(`${place} must be a ZIP, .tar.gz or .tar.xz archive, but its content is not one.`);
  return { name: `_ray_pkg_${await contentHash(bytes)}${archive[0]}`, bytes };
}

/** As `archivePackage`. */
export async function blobPackage(blob: Blob, place: string): Promise<LocalPackage> {
  requireSize(blob.size, place);
  return archivePackage(new Uint8Array(await blob.arrayBuffer()), place);
}

/** @throws {InvalidArgumentError} when it is larger than Ray takes */
export function requireSize(bytes: number, place: string): void {
  if (bytes <= MAX_PACKAGE_BYTES) return;
  throw new InvalidArgumentError({
    code: 'WORKING_DIRECTORY_TOO_LARGE',
    message: `${place} has ${bytes} bytes, and Ray takes at most ${MAX_PACKAGE_BYTES}. Leave out large files, or pass a URI.`,
  });
}

/** 32 hexadecimal digits of SHA-256. */
export async function contentHash(bytes: Uint8Array): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>);
  return Array.from(new Uint8Array(digest, 0, 16), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
