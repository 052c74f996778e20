import {
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  rmSync,
  type Stats,
} from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';

// What the gateway writes is its user's alone, and never goes where a link or another user's folder would lead it.

const { O_APPEND, O_CREAT, O_DIRECTORY, O_EXCL, O_NOFOLLOW, O_NONBLOCK, O_RDONLY, O_WRONLY } = constants;
const ROOT = 0;

/**
 * Makes a folder that the owner of the gateway has named, if it is not there. One that is there keeps its mode. It may
 * be root's, as volumes of containers are: root can do anything in any case.
 *
 * @throws {Error} when it is a link, not a folder, or another user's
 */
export function makeNamedFolder(path: string): void {
  if (statOf(path) === undefined) mkdirSync(path, { recursive: true, mode: 0o700 });
  const stats = lstatSync(path);
  requireFolder(path, stats);
  if (stats.uid !== ROOT) requireOwner(path, stats);
}

/**
 * Makes a folder that nobody else may look into, if it is not there.
 *
 * @throws {Error} when it is a link, not a folder, or another user's
 */
export function makePrivateFolder(path: string): void {
  if (statOf(path) === undefined) mkdirSync(path, { mode: 0o700 });
  requireOwnFolder(path, lstatSync(path));
  const folder = openSync(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
  try {
    // Looked at again: this one is open, and cannot be exchanged any more.
    const stats = fstatSync(folder);
    requireOwnFolder(path, stats);
    if ((stats.mode & 0o777) !== 0o700) fchmodSync(folder, 0o700);
  } finally {
    closeSync(folder);
  }
}

/** Makes an empty file to append to, in place of whatever has its name, and gives its descriptor. */
export function createPrivateFile(path: string): number {
  // Not emptied: a link in its place, a hard one too, would lead to somebody's file.
  rmSync(path, { force: true });
  return openSync(path, O_WRONLY | O_APPEND | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600);
}

/**
 * Opens a file for reading.
 *
 * @throws {Error} when it is not there, not a file, or another user's
 */
export async function openOwnFile(path: string): Promise<FileHandle> {
  // Without O_NONBLOCK the opening of a pipe waits for its writer.
  const file = await open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  try {
    requireOwnFile(path, await file.stat());
    return file;
  } catch (error) {
    await file.close();
    throw error;
  }
}

/**
 * Makes the file of a database, if it is not there, and looks at those beside it: SQLite opens them by itself, and gives
 * them the mode of the first.
 *
 * @throws {Error} when one is not a file, has a second name, or is another user's
 */
export function prepareDatabaseFile(path: string): void {
  for (const name of [path, `${path}-wal`, `${path}-shm`, `${path}-journal`]) {
    const stats = statOf(name);
    if (stats === undefined) continue;
    requireOwnFile(name, stats);
    if (stats.nlink !== 1) refuse(name, 'has a second name elsewhere (a hard link)');
  }
  // Never one that is there: closing it would end the locks that another store of this process holds on it.
  if (statOf(path) === undefined) closeSync(openSync(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600));
}

function statOf(path: string): Stats | undefined {
  return lstatSync(path, { throwIfNoEntry: false });
}

function requireFolder(path: string, stats: Stats): void {
  if (!stats.isDirectory()) refuse(path, 'is a link or not a folder');
}

function requireOwnFolder(path: string, stats: Stats): void {
  requireFolder(path, stats);
  requireOwner(path, stats);
}

function requireOwnFile(path: string, stats: Stats): void {
  if (!stats.isFile()) refuse(path, 'is a link or not a file');
  requireOwner(path, stats);
}

function requireOwner(path: string, { uid }: Stats): void {
  const own = process.geteuid?.();
  if (own !== undefined && uid !== own)
    refuse(path, `belongs to user ${uid}, and the gateway runs as user ${own}`);
}

function refuse(path: string, why: string): never {
  throw new Error(`'${path}' ${why}: the gateway does not use it. Remove it, or pass another directory`);
}
