import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';

/** What a reader got of a log: as much of it as the reader sees. */
export interface Read {
  lines?: number;
  /** Of all lines, without newlines, in UTF-16 units. */
  characters?: number;
  /** Of the log itself, with its newlines. */
  bytes?: number;
}

/** What a contender prints: one line of JSON. The bench compares it with what the log holds. */
export interface Measured extends Read {
  /** As `characters`, but as Python counts them. */
  codePoints?: number;
  /** SHA-256 of the lines of `PROOF_LOG`, each with a newline; missing where lines are not told apart. */
  digest?: string;
  milliseconds: number;
  /** Of all threads of the process: steadier than time on a busy machine. */
  cpuMilliseconds: number;
}

/** One way to read a log to its end. @param note called with each line of a log that is read for its digest */
export type Reader = (baseURL: string, jobId: string, note?: (line: string) => void) => Promise<Read>;

/** Each distinct line once. */
const PROOF_LOG = 'lines-10000';

/**
 * Measures one way to read a log, from before the connection to the log's end. Called by a program with the
 * arguments `<base URL> <lines> <lines of a first log>`. The first log is not measured: it loads what is loaded at
 * first use, and lets the just-in-time compiler do its work. With 0 lines there is no first log, and the clock starts
 * when Node has started: a reader that loads its modules at first use has no advantage and no disadvantage. A last log
 * is read for its digest, unmeasured: a hash of each line would cost more than the line.
 */
export async function measure(read: Reader): Promise<void> {
  const [baseURL = '', count, warmUpCount] = process.argv.slice(2);
  if (warmUpCount === undefined) throw new Error('usage: <base URL> <lines> <lines of a first log>');
  const isCold = warmUpCount === '0';
  if (!isCold) await read(baseURL, `lines-${warmUpCount}`);
  const profile = process.env.RAYWIRE_BENCH_PROFILE;
  const readMeasured = () => read(baseURL, `lines-${count}`);
  const start = isCold ? performance.nodeTiming.bootstrapComplete : performance.now();
  const cpuAtStart = isCold ? { user: 0, system: 0 } : process.cpuUsage();
  const got = await (profile === undefined ? readMeasured() : profiled(profile, readMeasured));
  const milliseconds = performance.now() - start;
  const { user, system } = process.cpuUsage(cpuAtStart);
  const digest = await digestOf(read, baseURL);
  const measured: Measured = {
    ...got,
    ...(digest !== undefined && { digest }),
    milliseconds,
    cpuMilliseconds: (user + system) / 1000,
  };
  process.stdout.write(`${JSON.stringify(measured)}\n`);
}

async function profiled<T>(file: string, run: () => Promise<T>): Promise<T> {
  const { Session } = await import('node:inspector/promises');
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.start');
  const result = await run();
  const { profile } = await session.post('Profiler.stop');
  writeFileSync(file, JSON.stringify(profile));
  session.disconnect();
  return result;
}

async function digestOf(read: Reader, baseURL: string): Promise<string | undefined> {
  const hash = createHash('sha256');
  let noted = 0;
  await read(baseURL, PROOF_LOG, (line) => {
    noted += 1;
    hash.update(`${line}\n`);
  });
  return noted === 0 ? undefined : hash.digest('hex');
}
