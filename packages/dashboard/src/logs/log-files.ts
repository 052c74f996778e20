import { ServerError } from '@raywire/core';
import type { FileFrames } from './file-frames.js';

/** A file of a log, opened at some byte. */
export interface OpenFile {
  /** Its bytes from the requested one on. */
  frames: FileFrames;
  /** Its length now; `undefined` where the server does not say it. */
  size: number | undefined;
  /** As in `FileLook`, where the answer says it. */
  tag?: string;
  /** Nothing says how long the body is, so that a connection that was cut looks like its end. */
  unframed?: boolean;
  close(): void;
}

/** What is seen of a file without reading it. */
export interface FileLook {
  /** What tells it from the other files of its log, however it is called. It is final once the file is not written to. */
  tag: string;
  /** Its length; `undefined` where the server does not say it. */
  size: number | undefined;
}

/**
 * The files of a log, by age: 0 is the one that is written to, 1 what rotation has made of the one before (`<name>.1`),
 * and so on. Each rotation makes every file one older, and removes the oldest.
 */
export interface LogFiles {
  /**
   * @param start the first byte
   * @returns `undefined` when the file has fewer bytes
   * @throws {NotFoundError} when there is no file of that age
   */
  open(age: number, start: number): Promise<OpenFile | undefined>;
  /** `undefined` when there is no file of that age. */
  look(age: number): Promise<FileLook | undefined>;
  /** Bytes of a file from `start` to `end`, exclusive; `undefined` when it ends before, or is not there. */
  read(age: number, start: number, end: number): Promise<Uint8Array | undefined>;
}

const MOST_OLDER_FILES = 1_000;

/**
 * The older files, newest first: the one of age 1 at index 0.
 *
 * @throws {ClientError} as the server says
 */
export async function olderFiles(files: LogFiles): Promise<FileLook[]> {
  for (;;) {
    const older: FileLook[] = [];
    for (let look = await files.look(1); look !== undefined; look = await files.look(older.length + 1)) {
      if (older.push(look) > MOST_OLDER_FILES) throw everythingIsThere();
    }
    // A rotation in the meantime would show one of them twice, or leave one out.
    if (older.length === 0 || (await files.look(1))?.tag === older[0]?.tag) return older;
  }
}

function everythingIsThere(): ServerError {
  return new ServerError({
    statusCode: 502,
    code: 'UNEXPECTED_RESPONSE',
    message: `The log file seems to have more than ${MOST_OLDER_FILES} older ones: something that answers to any name is between us and Ray.`,
  });
}
