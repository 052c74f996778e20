import { LINE_BYTES } from '../server/log-lines.ts';

/** What a reader got of a log. */
export interface Read {
  lines: number;
  /** Summed, so that each line was really there. */
  characters: number;
}

/** What a contender prints: one line of JSON. */
export interface Measured {
  lines: number;
  milliseconds: number;
  /** Of all threads of the process: steadier than time on a busy machine. */
  cpuMilliseconds: number;
}

const WARM_UP_LINES = 1_000;

/**
 * Measures one way to read a log, from before the connection to the log's end. Called by a program with the
 * arguments `<base URL> <lines>`. A short log is read before, so that modules loaded at first use are there.
 *
 * @throws {Error} when not every line came
 */
export async function measure(read: (baseURL: string, jobId: string) => Promise<Read>): Promise<void> {
  const [baseURL, count] = process.argv.slice(2);
  if (baseURL === undefined || count === undefined) throw new Error('usage: <base URL> <lines>');
  await read(baseURL, `lines-${WARM_UP_LINES}`);
  const start = performance.now();
  const cpuAtStart = process.cpuUsage();
  const { lines, characters } = await read(baseURL, `lines-${count}`);
  const milliseconds = performance.now() - start;
  const { user, system } = process.cpuUsage(cpuAtStart);
  if (lines !== Number(count) || characters !== lines * LINE_BYTES) {
    throw new Error(`${lines} lines and ${characters} characters came of ${count} lines`);
  }
  const measured: Measured = { lines, milliseconds, cpuMilliseconds: (user + system) / 1000 };
  process.stdout.write(`${JSON.stringify(measured)}\n`);
}
