import type { LogFrame } from '@raywire/core';
import type { DecodedLines, LogEnd } from '@raywire/ray';
import { ByteDecoder } from '@raywire/ray/internal';

/** Decodes a log file from any place on, and says which: so that a tail of the last lines has a cursor from its first. */
export class FileDecoder extends ByteDecoder {
  #begin: number | undefined;

  /**
   * @param offset where in the file the first byte stands: at the beginning of a line
   * @param endOf what the orderly end of the connection means; asked once, then
   */
  constructor(offset: number, endOf: () => LogEnd | undefined) {
    super(offset, endOf);
    this.#begin = offset;
  }

  override decode(frames: readonly LogFrame[]): DecodedLines {
    const decoded = super.decode(frames);
    if (this.#begin === undefined) return decoded;
    const offsetBefore = this.#begin;
    this.#begin = undefined;
    return { ...decoded, offsetBefore };
  }
}
