import { BLOCK_LINES, blockOfLines, type LineKind } from '../lines/log-lines.ts';

/** How a server sends a log. */
export type Framing = 'websocket' | 'sse' | 'plain';

/** What a message holds: a line, the lines of a batch, or a batch as the log's own bytes. */
export type Content = 'line' | 'batch' | 'bytes';

/** A gateway flushes a batch at this size. */
const BATCH_BYTES = 64 * 1024;
/** What one write to the socket carries. */
const CHUNK_BYTES = 256 * 1024;
/** The longest log in batches is 400,000 lines. */
const MAX_BATCHED_BLOCKS = 40;

/**
 * The frames of one log, encoded before anything is measured. A log is made of blocks of the same lines; what ends
 * it is not in here.
 */
export class EncodedLog {
  readonly #blocks: Buffer[][] = [];
  readonly #framing: Framing;
  readonly #content: Content;
  readonly #lines: string[];
  readonly #blockBytes: number;

  constructor(kind: LineKind, framing: Framing, content: Content = 'line') {
    this.#lines = blockOfLines(kind);
    this.#blockBytes = bytesOf(this.#lines);
    this.#framing = framing;
    this.#content = content;
    // The events of batches hold offsets, so each of their blocks is another one.
    const blocks = content === 'batch' ? MAX_BATCHED_BLOCKS : 1;
    for (let block = 0; block < blocks; block++) {
      this.#blocks.push(chunksOf(this.#encode(block, BLOCK_LINES)));
    }
  }

  /** Of the log itself, with its newlines. */
  bytes(lineCount: number): number {
    const rest = this.#lines.slice(0, lineCount % BLOCK_LINES);
    return Math.floor(lineCount / BLOCK_LINES) * this.#blockBytes + bytesOf(rest);
  }

  /** Chunks to write, in order. */
  *chunks(lineCount: number): Generator<Buffer, void, void> {
    const whole = Math.floor(lineCount / BLOCK_LINES);
    for (let block = 0; block < whole; block++) yield* this.#blocks[block % this.#blocks.length] as Buffer[];
    const rest = lineCount % BLOCK_LINES;
    if (rest > 0) yield* chunksOf(this.#encode(whole, rest));
  }

  #encode(block: number, count: number): Buffer {
    const lines = this.#lines.slice(0, count);
    if (this.#framing === 'plain') return Buffer.from(`${lines.join('\n')}\n`);
    if (this.#content === 'bytes') return Buffer.concat(batchTexts(lines).map(binaryFrame));
    const events =
      this.#content === 'batch' ? batchEvents(lines, block * this.#blockBytes) : lines.map(lineEvent);
    const encode = this.#framing === 'websocket' ? textFrame : sseEvent;
    return Buffer.concat(events.map(encode));
  }
}

function lineEvent(line: string): string {
  return JSON.stringify({ type: 'log', message: line });
}

/** Whole lines, each with its newline, as much of them as a batch takes. */
function batchTexts(lines: string[]): string[] {
  const texts: string[] = [];
  let text = '';
  let bytes = 0;
  for (const line of lines) {
    const lineBytes = Buffer.byteLength(line) + 1;
    if (bytes + lineBytes > BATCH_BYTES) {
      texts.push(text);
      [text, bytes] = ['', 0];
    }
    text += `${line}\n`;
    bytes += lineBytes;
  }
  return text === '' ? texts : [...texts, text];
}

function batchEvents(lines: string[], offset: number): string[] {
  let end = offset;
  return batchTexts(lines).map((message) => {
    end += Buffer.byteLength(message);
    return JSON.stringify({ type: 'log', message, offset: end });
  });
}

function bytesOf(lines: readonly string[]): number {
  return lines.reduce((sum, line) => sum + Buffer.byteLength(line) + 1, 0);
}

function binaryFrame(text: string): Buffer {
  return frame(0x2, Buffer.from(text));
}

/** An unmasked text frame, as servers send it. */
export function textFrame(payload: string): Buffer {
  return frame(0x1, Buffer.from(payload));
}

/** A close frame of code 1000. */
export function closeFrame(): Buffer {
  return frame(0x8, Buffer.from([0x03, 0xe8]));
}

/** One event of a stream. */
export function sseEvent(payload: string): Buffer {
  return Buffer.from(`data: ${payload}\n\n`);
}

function frame(opcode: number, payload: Buffer): Buffer {
  const extended = payload.length > 0xffff ? 8 : payload.length > 125 ? 2 : 0;
  const header = Buffer.alloc(2 + extended);
  header[0] = 0x80 | opcode;
  header[1] = extended === 8 ? 127 : extended === 2 ? 126 : payload.length;
  if (extended === 8) header.writeBigUInt64BE(BigInt(payload.length), 2);
  if (extended === 2) header.writeUInt16BE(payload.length, 2);
  return Buffer.concat([header, payload]);
}

function chunksOf(bytes: Buffer): Buffer[] {
  const chunks: Buffer[] = [];
  for (let start = 0; start < bytes.length; start += CHUNK_BYTES) {
    chunks.push(bytes.subarray(start, start + CHUNK_BYTES));
  }
  return chunks;
}
