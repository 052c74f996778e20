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

/**
 * Measures one way to read a log, from before the connection to the log's end. Called by a program with the
 * arguments `<base URL> <lines> <lines of a first log>`. The first log is not measured: it loads what is loaded at
 * first use, and lets the just-in-time compiler do its work.
 *
 * @throws {Error} when not every line came
 */
export async function measure(read: (baseURL: string, jobId: string) => Promise<Read>): Promise<void> {
  const [baseURL, count, warmUpCount] = process.argv.slice(2);
  if (warmUpCount === undefined) throw new Error('usage: <base URL> <lines> <lines of a first log>');
  await read(baseURL as string, `lines-${warmUpCount}`);
  const start = performance.now();
  const cpuAtStart = process.cpuUsage();
  const { lines, characters } = await read(baseURL as string, `lines-${count}`);
  const milliseconds = performance.now() - start;
  const { user, system } = process.cpuUsage(cpuAtStart);
  if (lines !== Number(count) || characters !== lines * LINE_BYTES) {
    throw new Error(`${lines} lines and ${characters} characters came of ${count} lines`);
  }
  const measured: Measured = { lines, milliseconds, cpuMilliseconds: (user + system) / 1000 };
  process.stdout.write(`${JSON.stringify(measured)}\n`);
}
