import { PLAIN_LINE_BYTES } from '../../lines/plain-lines.ts';

/** How the gateway sends. */
export type Wire = 'websocket' | 'sse';

/** A binary message is bytes of the log. */
const BINARY = 0x82;
/** What every event of a batch has around its lines: `{"type":"log","message":"…","offset":…}`. */
const ENVELOPE_BYTES = 37;
/** A plain line and its newline, which JSON escapes. */
const LINE_IN_JSON_BYTES = PLAIN_LINE_BYTES + 2;
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

/** Counts a stream of batches by the lengths of its frames, so that a thousand viewers cost next to nothing. */
export class FrameCounter {
  /** Right for plain lines only: JSON escapes nothing in them, and all are as long. */
  plainLines = 0;
  /** Of the log: counted on a WebSocket, and on SSE as `complete` has them. */
  logBytes = 0;
  batches = 0;
  /** From the socket. */
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
      const start = position + (header?.headerBytes ?? 0);
      const type =
        header === undefined || header.isControl || header.isBytes
          ? ''
          : String.fromCharCode(bytes[start + TYPE_AT] ?? 0);
      // Of a `complete` event all is wanted, since it has an offset.
      if (header === undefined || (type === 'c' && start + header.payloadBytes > bytes.length)) {
        // Copied: the caller reads into the same buffer again.
        this.#rest = Buffer.from(bytes.subarray(position));
        this.#skip = 0;
        return;
      }
      const { payloadBytes, isBytes } = header;
      if (isBytes) {
        this.batches += 1;
        this.logBytes += payloadBytes;
        this.plainLines += payloadBytes / (PLAIN_LINE_BYTES + 1);
      } else if (type === 'l') {
        this.batches += 1;
        this.plainLines += Math.floor((payloadBytes - ENVELOPE_BYTES) / LINE_IN_JSON_BYTES);
      } else if (type === 'c') {
        if (this.#wire === 'sse') this.logBytes = offsetIn(bytes.toString('latin1', start));
        this.isComplete = true;
      }
      position = start + payloadBytes;
    }
    this.#skip = position - bytes.length;
  }
}

/** The offset of a `complete` event. */
function offsetIn(event: string): number {
  return Number(/"offset":(\d+)/.exec(event)?.[1]);
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
