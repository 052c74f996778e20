import type { FileLook, LogFiles } from './log-files.js';
import { fingerprintOf, type ReadFile } from './read-file.js';

/**
 * The age at which a file is found: by its tag, by that of the file before it, or by what is in it, where that can be in
 * no other one. It is compared in any case.
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
  const ages = byTag === undefined ? [0, ...older.map((_, index) => index + 1)] : [byTag];
  if (byTag === undefined && !file.isTelling) return undefined;
  // A copy and what it was made of are there at once, until that is truncated.
  if (byTag !== undefined && byTag > 0 && file.isTelling) ages.push(0);
  const found: number[] = [];
  for (const age of ages) if (await holds(files, age, file)) found.push(age);
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
  const { length, window, head } = file;
  const before = await files.read(age, length - window.length, length);
  if (before === undefined || fingerprintOf(before).hash !== window.hash) return false;
  const first = await files.read(age, 0, head.length);
  if (first === undefined || fingerprintOf(first).hash !== head.hash) return false;
  file.recall(before, first);
  return true;
}
