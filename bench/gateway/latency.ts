import { join } from 'node:path';
import { percentile } from '../percentile.ts';
import { runProgram } from '../run-program.ts';
import type { Delays } from './contenders/delays.ts';
import { BenchGateway } from './start-gateway.ts';

/** From a job's `print` to the reader, at a steady rate. In milliseconds. */
export interface Latency {
  name: string;
  lines: number;
  linesPerSecond: number;
  p50: number;
  p99: number;
  highest: number;
  /** Of p99. */
  targetMs: number | null;
}

const LINES_PER_SECOND = 1_000;
/** Until the reader is there, and all is loaded. */
const FIRST_SECONDS = 2;
const TARGET_MS = 5;

/** One reader after another, each with a job of its own. @param options.seconds of counted lines */
export async function measureLatencies({ seconds }: { seconds: number }): Promise<Latency[]> {
  const gateway = await BenchGateway.start();
  const uncounted = FIRST_SECONDS * LINES_PER_SECOND;
  const lines = uncounted + seconds * LINES_PER_SECOND;
  const read = async (name: string, targetMs: number | null, program: string, wire: string) => {
    const id = await gateway.submit(`timed-${program}-${wire}`, 'timed-lines', lines, LINES_PER_SECOND);
    const place = wire === 'file' ? [join(gateway.directory, 'logs', `${id}.log`)] : [gateway.url, id, wire];
    const path = `${import.meta.dirname}/contenders/${program}.ts`;
    const command = [process.execPath, path, String(lines), String(uncounted), ...place];
    const { delays } = JSON.parse(await runProgram(command)) as Delays;
    const sorted = delays.toSorted((a, b) => a - b);
    const [p50, p99, highest] = [0.5, 0.99, 1].map((share) => percentile(sorted, share));
    return { name, lines: delays.length, linesPerSecond: LINES_PER_SECOND, p50, p99, highest, targetMs };
  };
  try {
    return [
      await read('fs.watch on the log file, by hand', null, 'delays-floor', 'file'),
      await read('websocketTailJobLogs', TARGET_MS, 'delays-raywire', 'websocket'),
      await read('streamTailJobLogs', TARGET_MS, 'delays-raywire', 'http'),
    ] as Latency[];
  } finally {
    await gateway.close();
  }
}
