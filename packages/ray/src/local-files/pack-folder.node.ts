import { createReadStream, type Dirent, type Stats } from 'node:fs';
import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { InvalidArgumentError } from '@raywire/core';
import { describeInput } from '@raywire/core/internal';
import { Zip, ZipDeflate, ZipPassThrough, zipSync } from 'fflate';
import { IGNORE_FILES, IgnoreRules } from './ignore-rules.js';
import { MAX_PACKAGE_BYTES, type PackSettings } from './local-package.js';

/** Always the same, so that the same content makes the same package. ZIP knows no earlier time. */
const TIMESTAMP = new Date(1980, 0, 2);
const UNIX = 3;

/** What is packed, and how large it may become. */
export interface PackOptions extends PackSettings {
  folder: string;
  /** The name of the folder in the archive, with `/` at its end; empty where its content is at the top. */
  within: string;
  /** More of the kind of `.gitignore`, relative to the folder. */
  excludes: readonly string[];
  /** The caller's name for it, for messages. */
  place: string;
  /** Default 100 MiB, as Ray takes. */
  maxBytes?: number;
}

interface FolderEntry {
  /** Within the folder, with `/`; that of a folder, which is packed where it is empty, ends with one. */
  name: string;
  path: string;
  mode: number;
}

/**
 * Packs a folder into a ZIP archive, without what `.gitignore` and `.rayignore` leave out. It is deterministic.
 *
 * @throws {InvalidArgumentError} when it is no folder, something in it cannot be read, or the package would be larger
 *   than `maxBytes`
 */
export async function packFolder(options: PackOptions): Promise<Uint8Array> {
  try {
    return await pack(options);
  } catch (error) {
    const { code, path } = error as NodeJS.ErrnoException;
    if (path === undefined || typeof code !== 'string') throw error;
    throw new InvalidArgumentError({
      message: `${options.place}: the package of ${describeInput(options.folder)} cannot be made, since ${describeInput(path)} cannot be read (${code}). Mend it, or leave it out by .rayignore or .gitignore.`,
      cause: error,
    });
  }
}

async function pack(options: PackOptions): Promise<Uint8Array> {
  const folder = resolve(options.folder);
  const { maxBytes = MAX_PACKAGE_BYTES, within } = options;
  const chunks: Uint8Array[] = [];
  let packedBytes = 0;
  let failure: Error | undefined;
  const zip = new Zip((error, chunk) => {
    failure ??= error ?? undefined;
    if (chunk === undefined) return;
    chunks.push(chunk);
    packedBytes += chunk.length;
  });
  let readBytes = 0;
  const rules = IgnoreRules.root([...options.excludes, ...(await patternsIn(folder))]);
  const root = { name: '', path: folder, mode: 0 };
  for await (const file of entriesIn(root, rules, [await realpath(folder)])) {
    const isFolder = file.name.endsWith('/');
    const name = within + file.name;
    const entry = isFolder ? new ZipPassThrough(name) : new ZipDeflate(name, { level: 6 });
    entry.mtime = TIMESTAMP;
    entry.os = UNIX;
    entry.attrs = file.mode << 16;
    zip.add(entry);
    const content = isFolder ? [] : createReadStream(file.path, { highWaterMark: 256 * 1024 });
    for await (const bytes of content) {
      options.signal?.throwIfAborted();
      // The archive keeps what it is given until it is compressed; a stream uses its buffers again.
      entry.push(new Uint8Array(bytes as Buffer), false);
      readBytes += (bytes as Buffer).length;
      if (packedBytes > maxBytes) throw tooLarge(options, maxBytes, file.name);
      options.onProgress?.({ phase: 'pack', bytes: readBytes, totalBytes: undefined });
    }
    entry.push(new Uint8Array(0), true);
  }
  zip.end();
  if (failure !== undefined) throw failure;
  if (packedBytes > maxBytes) throw tooLarge(options, maxBytes, undefined);
  return concatenate(chunks, packedBytes);
}

/** Packs one file, at the top of the archive. @throws {Error} when it cannot be read */
export async function packFile(path: string): Promise<Uint8Array> {
  const { mode } = await stat(path);
  const settings = { mtime: TIMESTAMP, os: UNIX, attrs: mode << 16 } as const;
  return zipSync({ [basename(path)]: [await readFile(path), settings] });
}

/** In a fixed order, so that the package does not depend on the disk. */
async function* entriesIn(
  folder: FolderEntry,
  rules: IgnoreRules,
  above: readonly string[],
): AsyncGenerator<FolderEntry, void, void> {
  const entries = await readdir(folder.path, { withFileTypes: true });
  // Ray packs an empty folder too: a job may mean to write there.
  if (entries.length === 0 && folder.name !== '') yield folder;
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const name = `${folder.name}${entry.name}`;
    const path = join(folder.path, entry.name);
    const target = await targetOf(entry, path, rules);
    if (target === undefined) continue;
    if (target.isFile()) {
      if (!rules.ignores(entry.name)) yield { name, path, mode: target.mode };
    } else if (target.isDirectory() && !rules.ignores(`${entry.name}/`)) {
      const real = await realpath(path);
      // A link to a folder above would never end.
      if (above.includes(real)) continue;
      const below = rules.below(entry.name, await patternsIn(path));
      yield* entriesIn({ name: `${name}/`, path, mode: target.mode }, below, [...above, real]);
    }
  }
}

/** Links are followed, as Ray does; one that leads nowhere is left out. */
async function targetOf(entry: Dirent, path: string, rules: IgnoreRules): Promise<Stats | undefined> {
  try {
    return await stat(path);
  } catch (error) {
    if (entry.isSymbolicLink() || rules.ignores(entry.name)) return undefined;
    throw error;
  }
}

async function patternsIn(folder: string): Promise<string[]> {
  const texts = await Promise.all(
    IGNORE_FILES.map((name) =>
      readFile(join(folder, name), 'utf8').catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT' || error.code === 'EISDIR') return '';
        throw error;
      }),
    ),
  );
  return texts.flatMap((text) => text.split(/\r?\n/));
}

function concatenate(chunks: readonly Uint8Array[], bytes: number): Uint8Array {
  const whole = new Uint8Array(bytes);
  let position = 0;
  for (const chunk of chunks) {
    whole.set(chunk, position);
    position += chunk.length;
  }
  return whole;
}

function tooLarge(
  { folder, place }: PackOptions,
  maxBytes: number,
  file: string | undefined,
): InvalidArgumentError {
  const where = file === undefined ? '' : ` (reached at ${describeInput(file)})`;
  return new InvalidArgumentError({
    code: 'WORKING_DIRECTORY_TOO_LARGE',
    message: `${place}: the package of ${describeInput(folder)} is larger than the ${maxBytes / 1024 / 1024} MiB that Ray takes${where}. Leave out large files by .rayignore or .gitignore.`,
  });
}
