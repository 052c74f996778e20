import type { LogFrame } from '@raywire/core';
import type { DecodedLines, LogDecoder, LogEnd } from '@raywire/ray';
import { ByteDecoder, lineStarts, toBytes } from '@raywire/ray/internal';

/** A part of a log, in canonical bytes; both ends are those of lines. */
export interface CanonicalPart {
  from: number;
  /** The log ends here for its reader, and what that means; `undefined`: it is followed. */
  to: { bytes: number; end: LogEnd } | undefined;
}

/** Decodes Ray's WebSocket: text, cut into messages at will. Its places in the log are not those of the file. */
export class WebSocketDecoder implements LogDecoder {
  readonly #lines = new ByteDecoder(0);
  readonly #part: CanonicalPart | undefined;
  #position = 0;

  /** @param part what of the replay is wanted; `undefined`: all of it */
  constructor(part?: CanonicalPart) {
    this.#part = part;
  }

  decode(frames: readonly LogFrame[]): DecodedLines {
    const messages = frames.map((frame) => this.#cut(toBytes(frame)));
    const { offset, offsetBefore, ...decoded } = this.#lines.decode(messages);
    decoded.messages = { count: messages.length, starts: () => lineStarts(messages) };
    const to = this.#part?.to;
    if (to === undefined || this.#position < to.bytes) return decoded;
    if (to.end.type === 'complete') decoded.rest = this.finish().rest;
    return { ...decoded, end: to.end };
  }

  finish(): DecodedLines {
    return this.#lines.finish();
  }

  #cut(bytes: Uint8Array): Uint8Array {
    const start = this.#position;
    this.#position += bytes.length;
    const { from = 0, to } = this.#part ?? {};
    return bytes.subarray(
      clamp(from - start, bytes.length),
      clamp((to?.bytes ?? Infinity) - start, bytes.length),
    );
  }
}

function clamp(position: number, length: number): number {
  return Math.max(0, Math.min(position, length));
}
