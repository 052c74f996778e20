import { runProgram } from '../run-program.ts';
import type { TailMemory } from './contenders/tail-memory.ts';
import { BenchGateway } from './start-gateway.ts';

/** RSS of one tail above the idle client, by the length of the log. */
export interface TailMemoryResult {
  wire: 'websocket' | 'http';
  flags: string[];
  lines: number;
  /** `null`: as fast as it is read. */
  linesPerSecond: number | null;
  growthBytes: number;
  targetBytes: number;
}

const TARGET_BYTES = 8 * 1024 * 1024;
const SHORT_LINES = 1_000;
/** V8's young generation grows by itself when much passes through it: the flag shows what of the growth it is. */
const FLAGS = [[], ['--max-semi-space-size=1']];

/** Logs that have ended, and one that is printed while it is read. @param options.lengths in lines */
export async function measureTailMemory(options: {
  lengths: number[];
  liveSeconds: number;
}): Promise<TailMemoryResult[]> {
  const gateway = await BenchGateway.start();
  const results: TailMemoryResult[] = [];
  const measure = async (
    jobId: string,
    result: Omit<TailMemoryResult, 'growthBytes' | 'targetBytes'>,
  ): Promise<void> => {
    const program = `${import.meta.dirname}/contenders/tail-memory.ts`;
    const parameters = [gateway.url, `lines-${SHORT_LINES}`, jobId, result.wire];
    const printed = await runProgram([process.execPath, ...result.flags, program, ...parameters], 120_000);
    const { lines, idleBytes, peakBytes } = JSON.parse(printed) as TailMemory;
    if (lines !== result.lines) throw new Error(`${lines} of ${result.lines} lines came`);
    results.push({ ...result, growthBytes: peakBytes - idleBytes, targetBytes: TARGET_BYTES });
  };
  try {
    await gateway.runLines(SHORT_LINES);
    for (const lines of options.lengths) await gateway.runLines(lines);
    for (const wire of ['websocket', 'http'] as const) {
      const lines = options.liveSeconds * 1_000;
      const job = await gateway.submitHeld(`live-${wire}`, lines, 1_000);
      const live = measure(`live-${wire}`, { wire, flags: [], lines, linesPerSecond: 1_000 });
      job.release();
      await live;
      for (const flags of FLAGS)
        for (const length of options.lengths)
          await measure(`lines-${length}`, { wire, flags, lines: length, linesPerSecond: null });
    }
    return results;
  } finally {
    await gateway.close();
  }
}
