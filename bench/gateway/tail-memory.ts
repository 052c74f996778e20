import type { Row } from '../results.ts';
import { runProgram } from '../run-program.ts';
import type { TailMemory } from './contenders/tail-memory.ts';
import { BenchGateway } from './start-gateway.ts';

const TARGET = { atMost: 8, unit: 'MiB' };
const MEBIBYTE = 1024 * 1024;
const SHORT_LINES = 1_000;
/** Lines a second. */
const LIVE_RATE = 1_000;
/** V8's young generation grows by itself when much passes through it: the flag shows what of the growth it is. */
const FLAGS = [[], ['--max-semi-space-size=8']];

/**
 * Peak RSS of one tail above the idle client: of a log that is printed while it is read, and of logs that have ended.
 *
 * @param options.lengths in lines
 */
export async function measureTailMemory(options: { lengths: number[]; liveSeconds: number }): Promise<Row[]> {
  const gateway = await BenchGateway.start();
  const measure = async (jobId: string, wire: string, lines: number, flags: string[] = []): Promise<Row> => {
    const program = `${import.meta.dirname}/contenders/tail-memory.ts`;
    const parameters = [gateway.url, `lines-${SHORT_LINES}`, jobId, wire];
    const printed = await runProgram([process.execPath, ...flags, program, ...parameters], 120_000);
    const read = JSON.parse(printed) as TailMemory;
    if (read.lines !== lines) throw new Error(`${read.lines} of ${lines} lines came`);
    const how = jobId.startsWith('live')
      ? `as they are printed, ${LIVE_RATE.toLocaleString('en')} a second`
      : 'as fast as they are read';
    const name = [wire, `${lines.toLocaleString('en')} lines ${how}`, ...flags].join(', ');
    return { name, value: (read.peakBytes - read.idleBytes) / MEBIBYTE, unit: 'MiB', target: TARGET };
  };
  try {
    await gateway.runLines('plain', SHORT_LINES);
    for (const lines of options.lengths) await gateway.runLines('plain', lines);
    const rows: Row[] = [];
    for (const wire of ['websocket', 'http']) {
      const lines = options.liveSeconds * LIVE_RATE;
      const job = await gateway.submitHeld(`live-${wire}`, 'plain', lines, LIVE_RATE);
      const live = measure(`live-${wire}`, wire, lines);
      job.release();
      rows.push(await live);
      for (const flags of FLAGS)
        for (const length of options.lengths)
          rows.push(await measure(`lines-${length}`, wire, length, flags));
    }
    return rows;
  } finally {
    await gateway.close();
  }
}
