import { join } from 'node:path';
import { DashboardClient } from '@raywire/dashboard';
import { RayCluster } from '../../e2e/ray/ray-cluster.ts';
import { runProgram } from '../run-program.ts';
import type { Latencies } from './contenders/latency.ts';

/** Two readers of the same lines. In milliseconds. */
export interface Latency {
  lines: number;
  ours: { p50: number; p95: number };
  python: { p50: number; p95: number };
}

/** What a real Ray was measured for. */
export interface RayLatencies {
  /** 20 lines a second. */
  steady: Latency;
  /** A line after 30 s of silence. */
  afterSilence: Latency;
  idleRequestsPerSecond: number;
}

const LINES_PER_SECOND = 20;
/** Until both readers are there. */
const FIRST_SECONDS = 5;
const SILENT_JOBS = 5;
const SILENCES = 2;
const SILENCE_SECONDS = 30;
/** Between the jobs' lines, so that they do not all meet the same moment of the readers' polling. */
const STAGGER_SECONDS = 0.17;

/** Starts a Ray of its own, and ends it. @param options.seconds of 20 lines a second */
export async function measureLatencies({ seconds }: { seconds: number }): Promise<RayLatencies> {
  const cluster = await RayCluster.start();
  try {
    const client = new DashboardClient({ address: cluster.address });
    const submit = async (lines: number, pause: number): Promise<string> => {
      const entrypoint = `python ${import.meta.dirname}/jobs/timed_lines.py ${lines} ${pause}`;
      return (await client.submitJob({ entrypoint })).submission_id;
    };
    const steadyJob = await submit((FIRST_SECONDS + seconds) * LINES_PER_SECOND, 1 / LINES_PER_SECOND);
    const steady = await readByBoth(cluster, [steadyJob]);
    const silentJobs: string[] = [];
    for (let job = 0; job < SILENT_JOBS; job++)
      silentJobs.push(await submit(SILENCES, SILENCE_SECONDS + job * STAGGER_SECONDS));
    const silent = await readByBoth(cluster, silentJobs);
    await client.close();
    return {
      steady: compare(steady, (line) => Number(line.split('/')[1]) >= FIRST_SECONDS * LINES_PER_SECOND),
      afterSilence: compare(silent, () => true),
      idleRequestsPerSecond: silent.ours.idleRequestsPerSecond,
    };
  } finally {
    await cluster.stop();
  }
}

async function readByBoth(
  { address, bin }: RayCluster,
  jobIds: string[],
): Promise<{ ours: Latencies; python: Latencies }> {
  const folder = `${import.meta.dirname}/contenders`;
  const commands = [
    [process.execPath, `${folder}/latency.ts`, address, ...jobIds],
    [join(bin, 'python'), `${folder}/latency.py`, address, ...jobIds],
  ];
  const printed = await Promise.all(commands.map((command) => runProgram(command, 300_000)));
  const [ours, python] = printed.map((text) => JSON.parse(text) as Latencies);
  return { ours: ours as Latencies, python: python as Latencies };
}

/** Of the lines that count, and only if both readers had every one of them. */
function compare(read: { ours: Latencies; python: Latencies }, counts: (line: string) => boolean): Latency {
  const pick = ({ lines }: Latencies): number[] =>
    lines
      .filter(([line]) => counts(line))
      .map(([, milliseconds]) => milliseconds)
      .toSorted((a, b) => a - b);
  const ours = pick(read.ours);
  const python = pick(read.python);
  if (ours.length === 0 || ours.length !== python.length)
    throw new Error(`${ours.length} lines came to us, and ${python.length} to Ray's Python client`);
  const summary = (sorted: number[]) => ({ p50: percentile(sorted, 0.5), p95: percentile(sorted, 0.95) });
  return { lines: ours.length, ours: summary(ours), python: summary(python) };
}

/** The smallest value that so much of all are not above. */
function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}
