import type { Stats } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { basename, extname, resolve } from 'node:path';
import { describeInput, refuseOption } from '@raywire/core/internal';
import type { LocalFiles, LocalPackage, PackSettings } from './local-package.js';
import { packFile, packFolder } from './pack-folder.node.js';
import { archivePackage, blobPackage, contentHash, requireSize } from './package-name.js';

const PIECE_BYTES = 256 * 1024;
/** What Ray takes in the place of a folder. */
const EXTENSIONS = { directory: ['.zip', '.tar.gz', '.tgz', '.tar.xz'], module: ['.py', '.whl'] } as const;

/** @throws {InvalidArgumentError} when there is nothing there, or nothing that Ray takes */
export async function checkLocalFiles(files: LocalFiles): Promise<void> {
  if (typeof files.source === 'string') await statOf(files.source, files);
}

/**
 * Makes the package of a folder, an archive, a Python file or a wheel.
 *
 * @throws {InvalidArgumentError} when it cannot be read, is not what Ray takes, or is larger than 100 MiB
 */
export async function packLocalFiles(files: LocalFiles, settings: PackSettings): Promise<LocalPackage> {
  const { source, kind, place, excludes } = files;
  if (typeof source !== 'string') return blobPackage(source, place);
  const stats = await statOf(source, files);
  const path = resolve(source);
  if (stats.isDirectory()) {
    const within = kind === 'module' ? `${basename(path)}/` : '';
    const bytes = await packFolder({ folder: source, within, excludes, place, ...settings });
    return archivePackage(bytes, place);
  }
  requireSize(stats.size, place);
  if (extname(path) === '.py') return archivePackage(await packFile(path), place);
  const bytes = await readFile(path);
  if (kind === 'directory') return archivePackage(bytes, place);
  return { name: wheelName(basename(path), await contentHash(bytes)), bytes };
}

/** A stream of pieces, so that progress can be told. */
export function uploadBody(
  bytes: Uint8Array,
  sent: (bytes: number) => void,
): () => AsyncIterable<Uint8Array> {
  return async function* () {
    for (let start = 0; start < bytes.length; start += PIECE_BYTES) {
      yield bytes.subarray(start, start + PIECE_BYTES);
      sent(Math.min(start + PIECE_BYTES, bytes.length));
    }
  };
}

async function statOf(path: string, { kind, place }: LocalFiles): Promise<Stats> {
  const extensions = EXTENSIONS[kind];
  const stats = await stat(path).catch((error: NodeJS.ErrnoException) => {
    const why = error.code === 'ENOENT' ? 'is not there' : `cannot be read (${error.code})`;
    return refuseOption(
      `${place}: ${describeInput(path)} ${why}. Pass the path of a folder, relative to ${describeInput(process.cwd())}, or a URI.`,
    );
  });
  if (stats.isDirectory() || (stats.isFile() && extensions.some((end) => path.endsWith(end)))) return stats;
  return refuseOption(
    `${place} must be a folder or a ${extensions.slice(0, -1).join(', ')} or ${extensions.at(-1)} file, but ${describeInput(path)} is neither.`,
  );
}

/**
 * A wheel keeps its name, which pip reads, and gets its content into the build tag: a wheel that was built again is
 * another one. Ray's own client goes by the name alone, and runs the old code.
 */
function wheelName(name: string, hash: string): string {
  const parts = name.split('-');
  // name-version(-build)-python-abi-platform.whl
  if (parts.length === 5) parts.splice(2, 0, `0${hash}`);
  else if (parts.length === 6) parts[2] += hash;
  return parts.join('-');
}
