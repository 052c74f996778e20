import type { LogAnchor } from '@raywire/core';
import { RollingHash } from '@raywire/ray/internal';

/** Bytes before a place by which it is found again. */
const WINDOW_BYTES = 8_192;
/** Of them, those that are read again with each new piece of a file that is known already. */
const RECENT_BYTES = 512;
/** A file's first bytes by which it is known. */
export const HEAD_BYTES = 8_192;
/** So many lines that differ hardly come again at the same place of another file. */
const TELLING_LINES = 8;

/** Some bytes, as they are remembered. */
export interface Fingerprint {
  readonly length: number;
  readonly hash: string;
}

/** What is known of one file of a log while it is read, and by what it is found again under another name. */
export class ReadFile {
  /** Where in the log its first byte stands. */
  readonly base: number;
  /** Bytes of it that were read, or left out at the beginning. */
  length: number;
  /** Of its last look. */
  tag: string | undefined;
  /** The tag of the file before it, which is final; `undefined` where there was none. */
  previous: string | undefined;
  #window: Uint8Array = new Uint8Array(0);
  #head: Uint8Array = new Uint8Array(0);
  /** In place of them, for a file that an earlier reader has read. */
  #remembered:
    | { window?: Fingerprint; isTelling: boolean; head: Fingerprint; hasTellingHead: boolean }
    | undefined;

  constructor(
    base: number,
    {
      length = 0,
      tag,
      previous,
    }: { length?: number; tag?: string | undefined; previous?: string | undefined } = {},
  ) {
    this.base = base;
    this.length = length;
    this.tag = tag;
    this.previous = previous;
  }

  /** The file of a place that an earlier reader told, read up to there. */
  static of(anchor: LogAnchor): ReadFile {
    const {
      offset,
      at,
      tag,
      previous,
      windowLength,
      windowHash,
      telling,
      headLength,
      headHash,
      headTelling,
    } = anchor;
    const length = Number(at);
    const file = new ReadFile(Number(offset) - length, {
      length,
      tag: optional(tag),
      previous: optional(previous),
    });
    file.#remembered = {
      window: { length: Number(windowLength), hash: String(windowHash) },
      isTelling: telling === 1,
      head: { length: Number(headLength), hash: String(headHash) },
      hasTellingHead: headTelling === 1,
    };
    return file;
  }

  /** The place in the log up to which it was read. */
  get position(): number {
    return this.base + this.length;
  }

  /** Nothing of the log was read: its beginning is that of the oldest file that is there. */
  get isUnknown(): boolean {
    return this.position === 0 && this.previous === undefined;
  }

  /** The bytes before `length`. */
  get window(): Fingerprint {
    return this.#remembered?.window ?? fingerprintOf(this.#window);
  }

  /** The last of them, for a file that was proven to be this one. */
  get recent(): Fingerprint {
    return fingerprintOf(this.#window.subarray(-RECENT_BYTES));
  }

  /** The window is hardly in another file at the same place: its lines are many, and differ. */
  get hasTellingWindow(): boolean {
    const { window, isTelling: remembered = false } = this.#remembered ?? {};
    return window === undefined ? isTelling(this.#window) : remembered;
  }

  /** The window and the head together are hardly those of another file. */
  get isTelling(): boolean {
    return this.hasTellingWindow || this.#hasTellingHead;
  }

  get #hasTellingHead(): boolean {
    return this.#remembered?.hasTellingHead ?? isTelling(this.#head);
  }

  get head(): Fingerprint {
    return this.#remembered?.head ?? fingerprintOf(this.#head);
  }

  /** The bytes before `length` were seen again. */
  recall(window: Uint8Array): void {
    this.#window = window.slice(-WINDOW_BYTES);
    if (this.#remembered !== undefined) delete this.#remembered.window;
  }

  /** Some more of it was read. */
  add(bytes: Uint8Array): void {
    if (this.#head.length < HEAD_BYTES && this.#head.length === this.length)
      this.#head = joined(this.#head, bytes.subarray(0, HEAD_BYTES - this.#head.length));
    this.length += bytes.length;
    this.#window =
      bytes.length >= WINDOW_BYTES
        ? bytes.slice(-WINDOW_BYTES)
        : joined(this.#window, bytes).slice(-WINDOW_BYTES);
  }

  /** The same file, read up to another place. */
  at(position: number, head: Uint8Array = this.#head): ReadFile {
    const { base, tag, previous } = this;
    const file = new ReadFile(base, { length: position - base, tag, previous });
    file.#head = head;
    return file;
  }

  /**
   * How a later reader finds a place in this file again. What that costs is done when it is asked for.
   *
   * @param before the bytes before it, or some of them; default: those before `length`
   */
  anchor(offset: number, before: Uint8Array = new Uint8Array(0)): () => LogAnchor {
    const at = offset - this.base;
    // A reader that has just come knows the bytes before its place from the file alone.
    const known = this.#window.subarray(0, Math.max(0, this.#window.length - (this.length - at)));
    const longer = known.length > before.length ? known : before;
    const window = longer.slice(Math.max(0, longer.length - Math.min(at, WINDOW_BYTES)));
    return () => {
      const { length: windowLength, hash: windowHash } = fingerprintOf(window);
      const { length: headLength, hash: headHash } = this.head;
      return {
        ...{ offset, at, windowLength, windowHash, telling: isTelling(window) ? 1 : 0 },
        ...{ headLength, headHash, headTelling: this.#hasTellingHead ? 1 : 0 },
        ...(this.tag !== undefined && { tag: this.tag }),
        ...(this.previous !== undefined && { previous: this.previous }),
      };
    };
  }
}

function optional(value: string | number | undefined): string | undefined {
  return value === undefined ? undefined : String(value);
}

/** How some bytes are remembered. */
export function fingerprintOf(bytes: Uint8Array): Fingerprint {
  const hash = new RollingHash();
  hash.update(bytes, bytes.length);
  return { length: bytes.length, hash: hash.state };
}

/** No line of it is there twice: heartbeats and short cycles say nothing of their place. */
function isTelling(bytes: Uint8Array): boolean {
  // The first one may be the end of a line.
  const lines = new TextDecoder().decode(bytes).split('\n').slice(1, -1);
  return lines.length >= TELLING_LINES && new Set(lines).size === lines.length;
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  const both = new Uint8Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}
