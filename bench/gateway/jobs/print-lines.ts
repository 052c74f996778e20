// Prints a first line, waits until the file is there, and prints the rest as fast as it is taken, or at a rate. A log
// that need not wait: the file is there. Arguments: mix|plain <lines> <file> [<lines a second>]
import { existsSync, writeSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { blockOfLines, type LineKind } from '../../lines/log-lines.ts';

const WRITE_LINES = 1_000;
const [kind, count = '', file = '', rate] = process.argv.slice(2);
const lines = Number(count);
const block = blockOfLines(kind as LineKind);
const chunkOf = (start: number, end: number): string =>
  Array.from({ length: end - start }, (_, index) => `${block[(start + index) % block.length]}\n`).join('');

/** A pipe takes what it can, and a file all of it. */
function print(text: string): void {
  const bytes = Buffer.from(text);
  for (let written = 0; written < bytes.length; ) written += writeSync(1, bytes, written);
}

print(chunkOf(0, 1));
while (!existsSync(file)) await delay(5);
const start = performance.now();
for (let printed = 1; printed < lines; ) {
  const due =
    rate === undefined ? lines : 1 + Math.floor(((performance.now() - start) * Number(rate)) / 1000);
  const next = Math.min(lines, due, printed + WRITE_LINES);
  if (next > printed) print(chunkOf(printed, next));
  else await delay(1);
  printed = next;
}
