import { join } from 'node:path';
import { DashboardClient } from '@raywire/dashboard';
import { RayCluster } from '../../e2e/ray/ray-cluster.ts';
import { percentile } from '../percentile.ts';
import type { Row, Target } from '../results.ts';
import { runProgram } from '../run-program.ts';
import type { Latencies } from './contenders/latency.ts';

const LINES_PER_SECOND = 20;
/** Until both readers are there. */
const FIRST_SECONDS = 5;
const SILENCES = 2;
/** Between the jobs' lines, so that they do not all meet the same moment of the readers' polling. */
const STAGGER_SECONDS = 0.17;

/** How long is measured. */
export interface LatencyOptions {
  /** Of 20 lines a second. */
  seconds: number;
  /** Seconds before a line. */
  silence: number;
  /** How many jobs are silent at the same time. */
  silentJobs: number;
}

/** Starts a Ray of its own, and ends it. */
export async function measureLatencies(options: LatencyOptions): Promise<Row[]> {
  const { seconds, silence } = options;
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
    for (let job = 0; job < options.silentJobs; job++)
      silentJobs.push(await submit(SILENCES, silence + job * STAGGER_SECONDS));
    const silent = await readByBoth(cluster, silentJobs);
    await client.close();
    const isSteady = (line: string) => Number(line.split('/')[1]) >= FIRST_SECONDS * LINES_PER_SECOND;
    return [
      ...compare(`${LINES_PER_SECOND} lines a second`, steady, isSteady, { p50: 60, p95: 150 }),
      ...compare(`after ${silence} s of silence`, silent, () => true, { p95: 1_100 }),
      {
        name: 'requests a second of an idle tail, Raywire',
        value: silent.ours.idleRequestsPerSecond,
        unit: '1/s',
        // Zero is said of a tail that was not idle long enough to be counted.
        target: { atLeast: 0.01, atMost: 2, unit: '1/s' },
      },
    ];
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
function compare(
  what: string,
  read: { ours: Latencies; python: Latencies },
  counts: (line: string) => boolean,
  targets: { p50?: number; p95: number },
): Row[] {
  const pick = ({ lines }: Latencies): number[] =>
    lines
      .filter(([line]) => counts(line))
      .map(([, milliseconds]) => milliseconds)
      .toSorted((a, b) => a - b);
  const ours = pick(read.ours);
  const python = pick(read.python);
  if (ours.length === 0 || ours.length !== python.length)
    throw new Error(`${ours.length} lines came to us, and ${python.length} to Ray's Python client`);
  const rows = (share: number, atMost: number | undefined): Row[] => {
    const name = `${what}, ${ours.length} lines, p${share * 100}`;
    const theirs = { name: `${name}, Ray's Python client`, value: percentile(python, share), unit: 'ms' };
    const value = percentile(ours, share);
    const target: Target | undefined = atMost === undefined ? undefined : { atMost, unit: 'ms' };
    return [
      theirs,
      {
        ...{ name: `${name}, Raywire`, value, unit: 'ms', floor: theirs.name, ratio: value / theirs.value },
        ...(target !== undefined && { target }),
      },
    ];
  };
  return [...rows(0.5, targets.p50), ...rows(0.95, targets.p95)];
}
