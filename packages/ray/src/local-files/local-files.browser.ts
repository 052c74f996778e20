import { refuseOption } from '@raywire/core/internal';
import type { LocalFiles, LocalPackage, PackSettings } from './local-package.js';
import { blobPackage } from './package-name.js';

/** A browser has no paths. @throws {InvalidArgumentError} for one */
export async function checkLocalFiles({ source, place }: LocalFiles): Promise<void> {
  if (typeof source === 'string')
    refuseOption(`${place} needs a file system to read a path: pass a Blob of a ZIP archive, or a URI.`);
}

/** The archive that a Blob is. @throws {InvalidArgumentError} for a path, or when it is not an archive */
export async function packLocalFiles(files: LocalFiles, _settings: PackSettings): Promise<LocalPackage> {
  await checkLocalFiles(files);
  return blobPackage(files.source as Blob, files.place);
}

/** In one piece: not every browser streams a request. */
export function uploadBody(bytes: Uint8Array, _sent: (bytes: number) => void): Uint8Array {
  return bytes;
}
