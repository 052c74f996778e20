/** How the gateway sends. */
export type Wire = 'websocket' | 'sse';

/** A binary message is bytes of the log. */
const BINARY = 0x82;
/** 100 B and the newline. */
const LINE_BYTES = 101;
/** What every event of a batch has around its lines: `{"type":"log","message":"…","offset":…}`. */
const ENVELOPE_BYTES = 37;
/** 100 B and the newline, which JSON escapes. */
const LINE_IN_JSON_BYTES = 102;
const DATA = 'data: '.length;
/** The letter that tells the types apart: `{"type":"log"`. */
const TYPE_AT = '{"type":"'.length;
/** The longest header of a frame, with the letter. */
const LONGEST_HEADER_BYTES = 26;
const CARRIAGE_RETURN = 0x0d;

interface Header {
  headerBytes: number;
  payloadBytes: number;
  /** A ping or a close. */
  isControl: boolean;
  isBytes: boolean;
}

/**
 * Counts the lines of a stream of batches by the lengths of its frames, so that a thousand viewers cost next to
 * nothing: only lines of 100 B in ASCII are counted right. Proven by the bytes of the log that `complete` tells.
 */
export class FrameCounter {
  lines = 0;
  bytes = 0;
  isComplete = false;
  readonly #wire: Wire;
  #skip = 0;
  #rest: Buffer | undefined;

  constructor(wire: Wire) {
    this.#wire = wire;
  }

  /** The bytes are only looked at during the call. */
  push(chunk: Buffer): void {
    this.bytes += chunk.length;
    let bytes = chunk;
    if (this.#rest !== undefined) {
      bytes = Buffer.concat([this.#rest, chunk]);
      this.#rest = undefined;
    }
    let position = this.#skip;
    while (position < bytes.length) {
      const header =
        this.#wire === 'websocket' ? webSocketHeader(bytes, position) : sseHeader(bytes, position);
      if (header === undefined) {
        // Copied: the caller reads into the same buffer again.
        this.#rest = Buffer.from(bytes.subarray(position));
        this.#skip = 0;
        return;
      }
      const { headerBytes, payloadBytes, isControl, isBytes } = header;
      if (isBytes) this.lines += payloadBytes / LINE_BYTES;
      const type =
        isControl || isBytes ? '' : String.fromCharCode(bytes[position + headerBytes + TYPE_AT] ?? 0);
      if (type === 'c') this.isComplete = true;
      if (type === 'l') this.lines += Math.floor((payloadBytes - ENVELOPE_BYTES) / LINE_IN_JSON_BYTES);
      position += headerBytes + payloadBytes;
    }
    this.#skip = position - bytes.length;
  }
}

/** `undefined` when not all of it is there. */
function webSocketHeader(bytes: Buffer, position: number): Header | undefined {
  const short = (bytes[position + 1] ?? 0) & 0x7f;
  const headerBytes = short === 127 ? 10 : short === 126 ? 4 : 2;
  const isControl = ((bytes[position] ?? 0) & 0x08) !== 0;
  const isBytes = bytes[position] === BINARY;
  if (position + headerBytes + (isControl || isBytes ? 0 : TYPE_AT + 1) > bytes.length) return undefined;
  const payloadBytes =
    short === 127
      ? Number(bytes.readBigUInt64BE(position + 2))
      : short === 126
        ? bytes.readUInt16BE(position + 2)
        : short;
  return { headerBytes, payloadBytes, isControl, isBytes };
}

/** A chunk of HTTP holds one event here. */
function sseHeader(bytes: Buffer, position: number): Header | undefined {
  if (bytes.length - position < LONGEST_HEADER_BYTES && !bytes.subarray(position).includes('0\r\n\r\n'))
    return undefined;
  const lengthBytes = bytes.indexOf(CARRIAGE_RETURN, position) - position;
  const chunkBytes = Number.parseInt(bytes.toString('latin1', position, position + lengthBytes), 16);
  // The event ends with two newlines, and the chunk with `\r\n`.
  return {
    headerBytes: lengthBytes + 2 + DATA,
    payloadBytes: chunkBytes - DATA + 2,
    isControl: false,
    isBytes: false,
  };
}
