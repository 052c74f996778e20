import { BLOCK_LINES, blockOfLines, type LineKind } from '../../lines/log-lines.ts';
import { textFrame } from '../../server/encoded-log.ts';

/** Ray sends at most so many lines in one frame. */
const LINES_PER_FRAME = 10;
/** Frames that one write to the socket carries: about 256 KiB. */
const FRAMES_PER_CHUNK = 256;

/** The text frames of Ray's WebSocket, encoded before anything is measured. As Ray does, it ends a line at a `\r` too. */
export class TailFrames {
  readonly #printed: string[];
  readonly #block: Buffer[];

  constructor(kind: LineKind) {
    this.#printed = blockOfLines(kind);
    this.#block = chunksOf(this.#printed);
  }

  /** Chunks to write, in order. @param lineCount a multiple of 10,000 goes by whole blocks; any rest is encoded now */
  *chunks(lineCount: number): Generator<Buffer, void, void> {
    for (let block = 0; block < Math.floor(lineCount / BLOCK_LINES); block++) yield* this.#block;
    yield* chunksOf(this.#printed.slice(0, lineCount % BLOCK_LINES));
  }
}

function chunksOf(printed: string[]): Buffer[] {
  const lines = printed.flatMap((line) => line.split('\r'));
  const chunks: Buffer[] = [];
  const linesPerChunk = LINES_PER_FRAME * FRAMES_PER_CHUNK;
  for (let start = 0; start < lines.length; start += linesPerChunk) {
    const frames: Buffer[] = [];
    const end = Math.min(start + linesPerChunk, lines.length);
    for (let at = start; at < end; at += LINES_PER_FRAME) {
      frames.push(textFrame(`${lines.slice(at, Math.min(at + LINES_PER_FRAME, end)).join('\n')}\n`));
    }
    chunks.push(Buffer.concat(frames));
  }
  return chunks;
}
