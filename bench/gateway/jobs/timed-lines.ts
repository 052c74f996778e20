// Prints lines at a steady rate, each with its number and the time of its print in nanoseconds of the machine's
// monotonic clock, which all processes share. Arguments: <lines> <lines a second>
import { writeSync } from 'node:fs';
import { PLAIN_LINE_BYTES } from '../../lines/plain-lines.ts';

const [lines = 0, linesPerSecond = 0] = process.argv.slice(2).map(Number);
const start = performance.now();
let printed = 0;

function printDue(): void {
  const due = Math.min(lines, Math.floor(((performance.now() - start) * linesPerSecond) / 1000));
  for (; printed < due; printed++) {
    const line = `${printed} ${process.hrtime.bigint()} `;
    writeSync(1, `${line.padEnd(PLAIN_LINE_BYTES, 'x')}\n`);
  }
  if (printed < lines) setTimeout(printDue, 1);
}

printDue();
