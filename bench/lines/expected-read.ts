import { createHash } from 'node:crypto';
import { BLOCK_LINES, blockOfLines, type LineKind } from './log-lines.ts';

/**
 * What a reader makes of a `\r` within a line: it is left where it is, overwritten as on a terminal, or, as Ray's
 * WebSocket has it, the end of a line.
 */
export type Delivery = 'printed' | 'collapsed' | 'split';

/** What the reader of a log must have got. */
export interface ExpectedRead {
  lines: number;
  /** Without newlines, in UTF-16 units: JavaScript's `length`. */
  characters: number;
  /** Without newlines: Python's `len`. */
  codePoints: number;
  /** Of the log in UTF-8, with its newlines. */
  bytes: number;
}

type Counts = Record<keyof ExpectedRead, number>;

/** What a log of so many printed lines gives. */
export function expectedRead(kind: LineKind, printedLines: number, delivery: Delivery): ExpectedRead {
  const block = blockOfLines(kind);
  const whole = countsOf(block, delivery);
  const rest = countsOf(block.slice(0, printedLines % BLOCK_LINES), delivery);
  const blocks = Math.floor(printedLines / BLOCK_LINES);
  const total = (name: keyof Counts): number => blocks * whole[name] + rest[name];
  return {
    lines: total('lines'),
    characters: total('characters'),
    codePoints: total('codePoints'),
    bytes: total('bytes'),
  };
}

/** SHA-256 of a block's lines as they are delivered, each with a newline, in hexadecimal. */
export function expectedDigest(kind: LineKind, delivery: Delivery): string {
  const hash = createHash('sha256');
  for (const line of blockOfLines(kind))
    for (const text of delivered(line, delivery)) hash.update(`${text}\n`);
  return hash.digest('hex');
}

function countsOf(printed: readonly string[], delivery: Delivery): Counts {
  const counts: Counts = { lines: 0, characters: 0, codePoints: 0, bytes: 0 };
  for (const line of printed) {
    counts.bytes += Buffer.byteLength(line) + 1;
    for (const text of delivered(line, delivery)) {
      counts.lines += 1;
      counts.characters += text.length;
      counts.codePoints += Array.from(text).length;
    }
  }
  return counts;
}

/** Each state of a progress bar of the mix is as wide as the one before: a terminal shows the last one alone. */
function delivered(line: string, delivery: Delivery): string[] {
  if (delivery === 'printed') return [line];
  const states = line.split('\r');
  return delivery === 'split' ? states : states.slice(-1);
}
