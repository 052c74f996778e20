import type { MemoryUse } from './contenders/slow-reader.ts';
import { runProgram } from './run-program.ts';

/** The memory of one long tail. */
export interface MemoryResult {
  name: string;
  lines: number;
  seconds: number;
  startMiB: number;
  /** Peak RSS above the RSS before the tail. */
  growthMiB: number;
  targetMiB: number;
}

const MEBIBYTE = 1024 * 1024;

/** Tails a long log over each wire, with a reader that pauses 20 times. */
export async function measureMemory(options: { serverURL: string; lines: number }): Promise<MemoryResult[]> {
  const results: MemoryResult[] = [];
  for (const wire of ['websocket', 'http']) {
    const program = `${import.meta.dirname}/contenders/slow-reader.ts`;
    const command = [process.execPath, program, `${options.serverURL}/agent`, String(options.lines), wire];
    const { lines, seconds, startBytes, peakBytes } = JSON.parse(
      await runProgram(command, 90_000),
    ) as MemoryUse;
    if (lines !== options.lines) throw new Error(`${lines} of ${options.lines} lines came over ${wire}`);
    results.push({
      name: `peak RSS above start, ${wire}, slow reader`,
      lines,
      seconds,
      startMiB: startBytes / MEBIBYTE,
      growthMiB: (peakBytes - startBytes) / MEBIBYTE,
      targetMiB: 40,
    });
  }
  return results;
}
