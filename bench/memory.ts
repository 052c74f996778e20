import type { MemoryUse } from './contenders/slow-reader.ts';
import { runProgram } from './run-program.ts';

/** The memory of one long tail. */
export interface MemoryResult {
  name: string;
  lines: number;
  seconds: number;
  startMiB: number;
  /** Peak RSS above that before the tail, of a client that has tailed a short log. */
  growthMiB: number;
  /** Peak RSS above that of a client that has sent nothing: `ws` and undici are not loaded then. */
  coldGrowthMiB: number;
  targetMiB: number;
}

const MEBIBYTE = 1024 * 1024;

/** V8's young generation grows to 2 × 32 MiB by default, whatever a program keeps: the flag shows what it does. */
const SMALL_YOUNG_GENERATION = ['--max-semi-space-size=8'];
const CASES: { wire: 'websocket' | 'http'; flags: string[] }[] = [
  { wire: 'websocket', flags: [] },
  { wire: 'websocket', flags: SMALL_YOUNG_GENERATION },
  { wire: 'http', flags: [] },
  { wire: 'http', flags: SMALL_YOUNG_GENERATION },
];

/** Tails a long log over each wire, with a reader that pauses 20 times. */
export async function measureMemory(options: { serverURL: string; lines: number }): Promise<MemoryResult[]> {
  const results: MemoryResult[] = [];
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
    const { lines, seconds, coldBytes, startBytes, peakBytes } = use;
    if (lines !== options.lines) throw new Error(`${lines} of ${options.lines} lines came over ${wire}`);
    results.push({
      name: ['peak RSS above start', wire, 'slow reader', ...flags].join(', '),
      lines,
      seconds,
      startMiB: startBytes / MEBIBYTE,
      growthMiB: (peakBytes - startBytes) / MEBIBYTE,
      coldGrowthMiB: (peakBytes - coldBytes) / MEBIBYTE,
      targetMiB: 40,
    });
  }
  return results;
}
