import type { RayClient } from '@raywire/agent';
import type { CutKind, Treatment } from '@raywire/testing';
import type { LabJob, TailLaboratory } from './laboratory.js';
import { onTerminal, type SampleLog } from './sample-log.js';

/** What a sweep reads, and how. */
export interface SweepTarget {
  protocol: string;
  log: SampleLog;
  /** What else the job is. */
  job?: Partial<LabJob>;
  /** By which name the proxy knows the job's log. Default: the job's ID. */
  logOf?(jobId: string): string;
}

/** One run of a sweep. */
export interface SweepCase {
  after: number;
  how: CutKind;
  /** In the first connection, or in the first and again in the second. */
  times: 1 | 2;
  life: LabJob['life'];
}

const CUT_EARLIER = 'the connection was given up before the cut';
const SILENT_HANDSHAKE_MS = 1_500;
/** On a busy machine a handshake may be given up before it has come to the cut: such a run shows nothing. */
const MAX_RUNS = 3;

/** Runs all cases, so many at a time; gives a description of each that went wrong. */
export async function sweep(
  laboratory: TailLaboratory,
  options: SweepTarget & { cases: readonly SweepCase[]; concurrency: number },
): Promise<string[]> {
  const client = laboratory.client();
  const failures: string[] = [];
  const waiting = options.cases[Symbol.iterator]();
  const worker = async (): Promise<void> => {
    for (const next of waiting) {
      const treatment: Treatment = { cut: { after: next.after, how: next.how } };
      const run = { ...options, ...next };
      const treatments = Array<Treatment>(next.times).fill(treatment);
      let problem: string | undefined = CUT_EARLIER;
      for (let runs = 0; problem === CUT_EARLIER && runs < MAX_RUNS; runs++) {
        problem = await tailOnce(laboratory, client, run, treatments);
      }
      if (problem !== undefined) failures.push(`${JSON.stringify(next)}: ${problem}`);
    }
  };
  await Promise.all(Array.from({ length: options.concurrency }, worker));
  return failures;
}

/** How many bytes a clean run is answered: the cuts to sweep. */
export async function answerLength(laboratory: TailLaboratory, target: SweepTarget): Promise<number> {
  const { protocol, log, job, logOf = sameName } = target;
  const jobId = laboratory.addJob({ text: log.text, life: 'ended', ...job });
  laboratory.proxy.plan(logOf(jobId), []);
  const tail = laboratory.client().tailJobLogs(jobId, { protocol });
  for await (const _ of tail.batches());
  const [length] = laboratory.proxy.answered(logOf(jobId));
  laboratory.removeJob(jobId);
  return length as number;
}

async function tailOnce(
  laboratory: TailLaboratory,
  client: RayClient,
  run: SweepTarget & SweepCase,
  treatments: Treatment[],
): Promise<string | undefined> {
  const { logOf = sameName } = run;
  const jobId = laboratory.addJob({ text: run.log.text, life: run.life, ...run.job });
  laboratory.proxy.plan(logOf(jobId), treatments);
  // A handshake that is met by silence is given up after this long; any other has time.
  const timeoutMs = run.how === 'silence' ? SILENT_HANDSHAKE_MS : 10_000;
  const tail = client.tailJobLogs(jobId, { protocol: run.protocol, timeoutMs });
  const got: string[] = [];
  try {
    for await (const lines of tail.batches()) got.push(...lines);
    const end = await tail.end;
    if (end.reason !== 'complete') return `ended as ${end.reason}`;
    const problem = difference(got, onTerminal(run.log.lines));
    if (problem !== undefined) return problem;
    const [answered = 0] = laboratory.proxy.answered(logOf(jobId));
    if (answered < run.after) return CUT_EARLIER;
    return answered > run.after ? `the proxy cut after ${answered} bytes` : undefined;
  } catch (error) {
    return `threw ${error} after ${got.length} lines`;
  } finally {
    laboratory.removeJob(jobId);
  }
}

function sameName(jobId: string): string {
  return jobId;
}

/** Where two lists of lines differ first. */
export function difference(got: readonly string[], expected: readonly string[]): string | undefined {
  const at = expected.findIndex((line, index) => line !== got[index]);
  if (at < 0 && got.length === expected.length) return undefined;
  const index = at < 0 ? expected.length : at;
  return `line ${index} of ${expected.length} (got ${got.length}) is ${JSON.stringify(got[index])}, not ${JSON.stringify(expected[index])}`;
}
