import type { FileLook, LogFiles } from './log-files.js';
import { fingerprintOf, type ReadFile } from './read-file.js';

/**
 * The age at which a file should be: by its tag, by that of the file before it, or by what is in it, where that can be in
 * no other one.
 *
 * @param older the older files, newest first
 * @returns `undefined` when it is in none of them, or may be in several
 */
export async function findFile(
  files: LogFiles,
  file: ReadFile,
  older: readonly FileLook[],
): Promise<number | undefined> {
  if (file.isUnknown) return older.length;
  const byTag = ageByTags(file, older);
  if (byTag !== undefined) {
    // A copy and what it was made of are there at once, until that is truncated.
    const isBeingCopied = byTag > 0 && file.isTelling && (await holds(files, 0, file));
    return isBeingCopied ? undefined : byTag;
  }
  if (!file.isTelling) return undefined;
  const found: number[] = [];
  for (let age = 0; age <= older.length; age++) if (await holds(files, age, file)) found.push(age);
  return found.length === 1 ? found[0] : undefined;
}

function ageByTags({ tag, previous }: ReadFile, older: readonly FileLook[]): number | undefined {
  const ageOf = (wanted: string): number | undefined => {
    const index = older.findIndex((look) => look.tag === wanted);
    // Files that begin alike may have one tag.
    return older.findLastIndex((look) => look.tag === wanted) === index && index >= 0 ? index + 1 : undefined;
  };
  const own = tag === undefined ? undefined : ageOf(tag);
  if (own !== undefined) return own;
  if (previous === undefined) return older.length === 0 ? 0 : undefined;
  const before = ageOf(previous);
  return before === undefined ? undefined : before - 1;
}

/** Whether a file has the bytes that were read. */
async function holds(files: LogFiles, age: number, file: ReadFile): Promise<boolean> {
  const { length, window } = file;
  const before = await files.read(age, length - window.length, length);
  return before !== undefined && fingerprintOf(before).hash === window.hash && beginsAlike(files, age, file);
}

/** Whether a file begins with the first bytes that were read. */
export async function beginsAlike(files: LogFiles, age: number, { head }: ReadFile): Promise<boolean> {
  const first = await files.read(age, 0, head.length);
  return first !== undefined && fingerprintOf(first).hash === head.hash;
}
