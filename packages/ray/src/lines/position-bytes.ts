import type { LogPosition } from '@raywire/core/internal';
import { RollingHash } from './rolling-hash.js';

const LANES = 4;
const BLOCK_BYTES = 16;
const HEXADECIMAL = 16;
const LANE_BASE = 36;

/** Numbers and positions as few bytes. */
export class ByteWriter {
  readonly bytes: number[] = [];

  /** Seven bits a byte, the lowest first. */
  count(value: number): void {
    let rest = value;
    for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) this.bytes.push((rest % 0x80) | 0x80);
    this.bytes.push(rest);
  }

  /** @throws {RangeError} when its hash is not one over so many bytes */
  position({ bytes, lines, hash }: LogPosition): void {
    const parts = hash.split('.');
    const pending = parts[LANES] ?? '';
    if (new RollingHash(hash).state !== hash || pending.length !== 2 * (bytes % BLOCK_BYTES)) {
      throw new RangeError('its hash is not that of so many bytes');
    }
    this.count(bytes);
    this.count(lines);
    for (const lane of parts.slice(0, LANES)) {
      const word = Number.parseInt(lane, LANE_BASE);
      this.bytes.push((word >>> 24) & 0xff, (word >>> 16) & 0xff, (word >>> 8) & 0xff, word & 0xff);
    }
    for (let at = 0; at < pending.length; at += 2) {
      this.bytes.push(Number.parseInt(pending.slice(at, at + 2), HEXADECIMAL));
    }
  }
}

/** Reads what a `ByteWriter` has written. */
export class ByteReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** @throws {RangeError} past the end */
  byte(): number {
    const byte = this.#bytes[this.#at++];
    if (byte === undefined) throw new RangeError('it ends too early');
    return byte;
  }

  count(): number {
    let value = 0;
    for (let scale = 1; ; scale *= 0x80) {
      const byte = this.byte();
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
    }
  }

  position(): LogPosition {
    const bytes = this.count();
    const lines = this.count();
    let hash = '';
    for (let lane = 0; lane < LANES; lane++) {
      const word = (this.byte() << 24) | (this.byte() << 16) | (this.byte() << 8) | this.byte();
      hash += `${word.toString(LANE_BASE)}.`;
    }
    for (let left = bytes % BLOCK_BYTES; left > 0; left--) {
      hash += this.byte().toString(HEXADECIMAL).padStart(2, '0');
    }
    return { bytes, hash, lines };
  }

  rest(): Uint8Array {
    return this.#bytes.subarray(this.#at);
  }
}
