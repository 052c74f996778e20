/** The last bytes of a log, in memory: 1 MiB, or the last piece that was appended. */
export class RecentBytes {
  readonly #pieces: { start: number; bytes: Uint8Array }[] = [];
  #length = 0;

  append(start: number, bytes: Uint8Array): void {
    this.#pieces.push({ start, bytes: Buffer.from(bytes) });
    this.#length += bytes.length;
    while (this.#length > 1024 * 1024 && this.#pieces.length > 1) {
      this.#length -= this.#pieces.shift()?.bytes.length ?? 0;
    }
  }

  /** At most so many bytes from `position`; `undefined` when they are not here. */
  read(position: number, maxBytes: number): Uint8Array | undefined {
    const piece = this.#pieces.findLast(({ start }) => start <= position);
    const bytes = piece?.bytes.subarray(position - piece.start, position - piece.start + maxBytes);
    return bytes === undefined || bytes.length === 0 ? undefined : bytes;
  }
}
