import type { MemoryUse } from './contenders/slow-reading.ts';
import type { Row } from './results.ts';
import { runProgram } from './run-program.ts';

/** V8's young generation grows to 2 × 64 MiB by default, whatever a program keeps: the flag shows what it does. */
const FLAGS = [[], ['--max-semi-space-size=8']];
const TARGET = { atMost: 40, unit: 'MB' };

/** Tails a long log over each wire, with a reader that pauses 20 times, beside one that was written by hand. */
export async function measureMemory(options: { serverURL: string; lines: number }): Promise<Row[]> {
  const rows: Row[] = [];
  for (const wire of ['websocket', 'http']) {
    for (const flags of FLAGS) {
      const measure = async (program: string, name: string): Promise<Row> => {
        const file = `${import.meta.dirname}/contenders/${program}.ts`;
        const parameters = [`${options.serverURL}/agent`, String(options.lines), wire];
        const printed = await runProgram([process.execPath, ...flags, file, ...parameters], 90_000);
        const { lines, startBytes, peakBytes } = JSON.parse(printed) as MemoryUse;
        if (lines !== options.lines) throw new Error(`${lines} of ${options.lines} lines came over ${wire}`);
        const names = ['peak RSS above the idle client', wire, ...flags, name];
        return { name: names.join(', '), value: (peakBytes - startBytes) / 1e6, unit: 'MB' };
      };
      const byHand = await measure('slow-floor', 'by hand');
      const raywire = await measure('slow-reader', 'Raywire');
      const ratio = raywire.value / byHand.value;
      const target = flags.length === 0 && { target: { atMost: 1, unit: '×' } };
      rows.push(byHand, { ...raywire, floor: byHand.name, ratio, ...target }, { ...raywire, target: TARGET });
    }
  }
  return rows;
}
