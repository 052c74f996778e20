import { BLOCK_LINES, blockOfLines, LINE_BYTES } from './log-lines.ts';

/** How a server sends a log. */
export type Framing = 'websocket' | 'sse' | 'plain';

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
  readonly #batches: boolean;
  readonly #lines: string[] = blockOfLines();

  /** @param options.batches messages of 64 KiB of lines, as a gateway sends them for `batch=1`; else one line each */
  constructor(framing: Framing, options: { batches: boolean } = { batches: false }) {
    this.#framing = framing;
    this.#batches = options.batches;
    // A gateway's frames hold offsets, so each of its blocks is another one.
    const blocks = options.batches ? MAX_BATCHED_BLOCKS : 1;
    for (let block = 0; block < blocks; block++) {
      this.#blocks.push(chunksOf(this.#encode(block * BLOCK_LINES, BLOCK_LINES)));
    }
  }

  /** Chunks to write, in order. */
  *chunks(lineCount: number): Generator<Buffer, void, void> {
    const whole = Math.floor(lineCount / BLOCK_LINES);
    for (let block = 0; block < whole; block++) yield* this.#blocks[block % this.#blocks.length] as Buffer[];
    const rest = lineCount % BLOCK_LINES;
    if (rest > 0) yield* chunksOf(this.#encode(whole * BLOCK_LINES, rest));
  }

  #encode(start: number, count: number): Buffer {
    const lines = this.#lines.slice(0, count);
    if (this.#framing === 'plain') return Buffer.from(`${lines.join('\n')}\n`);
    const events = this.#batches ? batchEvents(lines, start * (LINE_BYTES + 1)) : lines.map(lineEvent);
    const encode = this.#framing === 'websocket' ? textFrame : sseEvent;
    return Buffer.concat(events.map(encode));
  }
}

function lineEvent(line: string): string {
  return JSON.stringify({ type: 'log', message: line });
}

function batchEvents(lines: string[], offset: number): string[] {
  const perBatch = Math.floor(BATCH_BYTES / (LINE_BYTES + 1));
  const events: string[] = [];
  for (let start = 0; start < lines.length; start += perBatch) {
    const message = `${lines.slice(start, start + perBatch).join('\n')}\n`;
    const end = offset + start * (LINE_BYTES + 1) + message.length;
    events.push(JSON.stringify({ type: 'log', message, offset: end }));
  }
  return events;
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
