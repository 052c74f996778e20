import { join } from 'node:path';
import { percentile } from '../percentile.ts';
import type { Row } from '../results.ts';
import { runProgram } from '../run-program.ts';
import type { Delays } from './contenders/delays.ts';
import { BenchGateway } from './start-gateway.ts';

const LINES_PER_SECOND = 1_000;
/** Until the reader is there, and all is loaded. */
const FIRST_SECONDS = 2;
const TARGET = { atMost: 5, unit: 'ms' };

/**
 * From a job's `print` to the reader's loop, one reader after another, each with a job of its own.
 *
 * @param options.seconds of counted lines
 */
export async function measureLatencies({ seconds }: { seconds: number }): Promise<Row[]> {
  const gateway = await BenchGateway.start();
  const uncounted = FIRST_SECONDS * LINES_PER_SECOND;
  const lines = uncounted + seconds * LINES_PER_SECOND;
  const read = async (program: string, wire: string): Promise<number[]> => {
    const id = await gateway.submit(`timed-${wire}`, 'timed-lines', lines, LINES_PER_SECOND);
    const place = wire === 'file' ? [join(gateway.directory, 'logs', `${id}.log`)] : [gateway.url, id, wire];
    const path = `${import.meta.dirname}/contenders/${program}.ts`;
    const command = [process.execPath, path, String(lines), String(uncounted), ...place];
    const { delays } = JSON.parse(await runProgram(command)) as Delays;
    return delays.toSorted((a, b) => a - b);
  };
  const rows = (name: string, delays: number[], target?: Row['target']): Row[] => [
    { name: `${name}, p50`, value: percentile(delays, 0.5), unit: 'ms' },
    { name: `${name}, p99`, value: percentile(delays, 0.99), unit: 'ms', ...(target && { target }) },
    { name: `${name}, the slowest`, value: percentile(delays, 1), unit: 'ms' },
  ];
  try {
    return [
      ...rows('fs.watch on the log file, by hand', await read('delays-floor', 'file')),
      ...rows('websocketTailJobLogs', await read('delays-raywire', 'websocket'), TARGET),
      ...rows('streamTailJobLogs', await read('delays-raywire', 'http'), TARGET),
    ];
  } finally {
    await gateway.close();
  }
}
