import type { MemoryUse } from './contenders/slow-reader.ts';
import type { Row } from './results.ts';
import { runProgram } from './run-program.ts';

/** V8's young generation grows to 2 × 32 MiB by default, whatever a program keeps: the flag shows what it does. */
const SMALL_YOUNG_GENERATION = ['--max-semi-space-size=8'];
const CASES: { wire: 'websocket' | 'http'; flags: string[] }[] = [
  { wire: 'websocket', flags: [] },
  { wire: 'websocket', flags: SMALL_YOUNG_GENERATION },
  { wire: 'http', flags: [] },
  { wire: 'http', flags: SMALL_YOUNG_GENERATION },
];

/** Tails a long log over each wire, with a reader that pauses 20 times. */
export async function measureMemory(options: { serverURL: string; lines: number }): Promise<Row[]> {
  const rows: Row[] = [];
  for (const { wire, flags } of CASES) {
    const program = `${import.meta.dirname}/contenders/slow-reader.ts`;
    const command = [
      process.execPath,
      ...flags,
      program,
      `${options.serverURL}/agent`,
      String(options.lines),
      wire,
    ];
    const use = JSON.parse(await runProgram(command, 90_000)) as MemoryUse;
    const { lines, coldBytes, startBytes, peakBytes } = use;
    if (lines !== options.lines) throw new Error(`${lines} of ${options.lines} lines came over ${wire}`);
    const name = ['peak RSS', wire, ...flags].join(', ');
    rows.push(
      {
        name: `${name}, above the idle client`,
        value: (peakBytes - startBytes) / 1e6,
        unit: 'MB',
        target: { atMost: 8, unit: 'MB' },
      },
      // `ws` and undici are not loaded then.
      {
        name: `${name}, above one that has sent nothing yet`,
        value: (peakBytes - coldBytes) / 1e6,
        unit: 'MB',
      },
    );
  }
  return rows;
}
