import { type LogAnchor, type LogFrame, NotFoundError, ServerError, StreamGapError } from '@raywire/core';
import { delay } from '@raywire/core/internal';
import { beginsAlike, findFile } from './find-file.js';
import type { FilePiece, FileReader } from './followed-file.js';
import { shorterThanBefore } from './log-answer.js';
import { type FileLook, type LogFiles, type OpenFile, olderFiles } from './log-files.js';
import { type Fingerprint, fingerprintOf, ReadFile } from './read-file.js';

/** In the middle of a rotation, files are missing or there twice for a moment; a copy may take longer. */
const SETTLES_AFTER_MS = 100;
const MOST_LOOKS = 10;

/**
 * Reads a log through its rotations: from a file to the next younger one, and the one that is written to again and
 * again. Before its bytes are handed on, a file is proven to be the one that was read before.
 */
export class RotatingReader implements FileReader {
  readonly #files: LogFiles;
  readonly #log: { readonly end: number | undefined };
  readonly #signal: AbortSignal;
  readonly #onBeginning: (olderFiles: number) => void;
  #file: ReadFile;
  /** The file before, whose last line may end in the present one. */
  #before: ReadFile | undefined;
  /** How many times the file was rotated; `undefined` while that is not known. */
  #age: number | undefined;
  /** It was seen after it was opened that no other file has taken its name. */
  #isProven = false;
  /** Each answer says which file it is of: without that, what is in the file must prove it. */
  #hasTags = false;
  /** Where in the log the first piece begins, once the file is found. */
  #seekTo: number | undefined;
  /** Of a file that is not written to any more, where it is known. */
  #size: number | undefined;
  /** The tag of the next younger file, if that is not written to either. */
  #next: string | undefined;

  /**
   * @param file where to begin; a new `ReadFile(0)` is the beginning of the oldest file that is there
   * @param options.log `end`: where the log ends in the file that is written to, exclusive; it may be learnt meanwhile
   * @param options.seekTo where in the log to begin; default: where `file` stands
   * @param options.onBeginning told how many older files there are, when the log begins in one of them
   */
  constructor(
    files: LogFiles,
    file: ReadFile,
    options: {
      signal: AbortSignal;
      log?: { readonly end: number | undefined };
      seekTo?: number;
      onBeginning?(olderFiles: number): void;
    },
  ) {
    this.#files = files;
    this.#file = file;
    this.#signal = options.signal;
    this.#log = options.log ?? { end: undefined };
    this.#seekTo = options.seekTo;
    this.#onBeginning = options.onBeginning ?? (() => undefined);
  }

  /** The file that is being read. */
  get file(): ReadFile {
    return this.#file;
  }

  /**
   * How a later reader finds a place of the log that was read lately.
   *
   * @param before the bytes before it, or some of them; default: those that were read last
   */
  anchorAt(offset: number, before?: Uint8Array): () => LogAnchor {
    const file = this.#before !== undefined && offset <= this.#file.base ? this.#before : this.#file;
    return file.anchor(offset, before);
  }

  /** @throws {StreamGapError} when the file that was read is no longer there, or cannot be told from others */
  async open(): Promise<FilePiece> {
    for (let looks = 0; looks < MOST_LOOKS; looks++) {
      if (looks > 1) await delay(SETTLES_AFTER_MS, this.#signal);
      if (this.#age === undefined && !(await this.#find())) continue;
      if (this.#size !== undefined && this.#file.length >= this.#size) this.#advance();
      else {
        const file = await this.#openFile(this.#age as number);
        if (file !== undefined) return this.#piece(file);
        this.#age = undefined;
      }
    }
    throw new StreamGapError({
      message:
        'The log file is another one than before, and what was read is in none of its older files: it was rotated away, truncated or replaced.',
    });
  }

  async #find(): Promise<boolean> {
    const older = await olderFiles(this.#files);
    const file = this.#file;
    const isBeginning = file.isUnknown;
    const age = await findFile(this.#files, file, older);
    if (age === undefined) return false;
    if (isBeginning && age > 0) this.#onBeginning(age);
    file.tag = older[age - 1]?.tag ?? file.tag;
    file.previous = older[age]?.tag ?? (age === 0 ? undefined : file.previous);
    this.#isProven = false;
    this.#stand(age, older);
    if (this.#seekTo !== undefined && this.#seekTo !== file.position) this.#seek(this.#seekTo, age, older);
    this.#seekTo = undefined;
    return true;
  }

  /** To another place of the log. */
  #seek(position: number, from: number, older: readonly FileLook[]): void {
    let { base } = this.#file;
    let age = from;
    const sizeOf = (older: FileLook | undefined): number => {
      if (older?.size === undefined) throw shorterThanBefore();
      return older.size;
    };
    while (position < base) {
      base -= sizeOf(older[age]);
      age += 1;
    }
    for (let end = 0; age > 0; base = end, age -= 1) {
      end = base + sizeOf(older[age - 1]);
      if (position < end) break;
    }
    this.#file = new ReadFile(base, { tag: older[age - 1]?.tag, previous: older[age]?.tag }).at(position);
    this.#stand(age, older);
  }

  #stand(age: number, older: readonly FileLook[]): void {
    this.#age = age;
    this.#size = older[age - 1]?.size;
    this.#next = older[age - 2]?.tag;
  }

  #advance(): void {
    this.#before = this.#file;
    this.#file = new ReadFile(this.#before.position, { tag: this.#next, previous: this.#before.tag });
    this.#age = undefined;
    this.#size = undefined;
  }

  /** `undefined` when another file may be there by now. */
  async #openFile(age: number): Promise<OpenFile | undefined> {
    const { length, position } = this.#file;
    let open: OpenFile | undefined;
    try {
      open = await this.#files.open(age, length - this.#overlap);
    } catch (error) {
      if (NotFoundError.isInstance(error) && position > 0) return undefined;
      throw error;
    }
    if (open === undefined) return undefined;
    try {
      if (await this.#isSame(open, age)) return open;
    } catch (error) {
      open.close();
      throw error;
    }
    open.close();
    return undefined;
  }

  /** It is read again. Where nothing is to be compared, one byte is, so that there is always an answer with a length. */
  get #overlap(): number {
    return Math.max(this.#compared.length, Math.min(1, this.#file.length));
  }

  get #compared(): Fingerprint {
    return this.#isProven && this.#hasTags ? this.#file.recent : this.#file.window;
  }

  async #isSame(open: OpenFile, age: number): Promise<boolean> {
    const file = this.#file;
    if (open.size !== undefined && open.size < file.length) return false;
    const { length, hash } = this.#compared;
    const overlap = this.#overlap;
    const before = await open.frames.take(overlap);
    if (before.length < overlap) {
      if (!open.unframed && open.size === undefined) return false;
      throw new ServerError({ statusCode: 502, message: 'The answer with the log file ended early.' });
    }
    const window = before.subarray(overlap - length);
    if (fingerprintOf(window).hash !== hash) return false;
    // The window is all that was read of a short file, and proof enough where its lines differ.
    const isProof = length === file.length || file.hasTellingWindow;
    if (!this.#isProven) file.recall(window);
    this.#hasTags = open.tag !== undefined;
    if (!this.#isProven && !isProof && !(await beginsAlike(this.#files, age, file))) return false;
    if (age > 0) return (open.tag ?? (await this.#files.look(age))?.tag) === file.tag;
    // A log with a long cycle has the same bytes at the same place of its next file, and only a look shows it.
    const isUnchanged =
      open.tag === undefined ? file.hasTellingWindow : open.tag === file.tag && open.size === file.length;
    if (!this.#isProven || !isUnchanged) {
      if ((await this.#files.look(1))?.tag !== file.previous) return false;
      this.#isProven = !(await this.#isBeingCopied());
      if (!this.#isProven) return false;
    }
    file.tag = open.tag ?? file.tag;
    return true;
  }

  /** Where rotation copies the file and then truncates it, its copy is there before it is empty. */
  async #isBeingCopied(): Promise<boolean> {
    const before = this.#before;
    return before?.isTelling === true && this.#file.length === 0 && beginsAlike(this.#files, 0, before);
  }

  #piece({ frames, size, unframed, close }: OpenFile): FilePiece {
    const file = this.#file;
    const isOlder = this.#age !== 0;
    // The end of a part of a file is told by its place in the file that is written to.
    const end = (isOlder ? undefined : this.#log.end) ?? Number.POSITIVE_INFINITY;
    const add = (bytes: Uint8Array): Uint8Array => {
      const part = bytes.subarray(0, Math.max(0, end - file.length));
      file.add(part);
      return part;
    };
    const read = (async function* () {
      for await (const bytes of frames) {
        const part = add(bytes);
        if (part.length > 0) yield part;
      }
    })();
    const takeBuffered = (): LogFrame[] =>
      frames
        .takeBuffered()
        .map(add)
        .filter((part) => part.length > 0);
    return {
      frames: Object.assign(read, { takeBuffered }),
      size: size === undefined ? undefined : file.base + Math.min(size, end),
      ...(unframed !== undefined && { unframed }),
      ...(isOlder && {
        leave: () => {
          this.#size = file.length;
        },
      }),
      close,
    };
  }
}

/** All of a log that is there now, from where its reader stands. */
export async function* presentLog(reader: FileReader): AsyncGenerator<Uint8Array, void, void> {
  let piece: FilePiece | undefined;
  try {
    do {
      piece = await reader.open();
      for await (const bytes of piece.frames) yield bytes as Uint8Array;
      piece.leave?.();
    } while (piece.leave !== undefined);
  } finally {
    piece?.close();
  }
}
