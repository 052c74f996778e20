import type { AgentClient } from '@raywire/agent';
import type { CutKind, Treatment } from './fault-proxy.js';
import type { LabJob, Laboratory } from './laboratory.js';
import type { StreamStyle } from './old-agent.js';
import { onTerminal, type SampleLog } from './sample-log.js';

/** What a sweep reads, and how. */
export interface SweepTarget {
  protocol: string;
  /** Of an old agent's HTTP. */
  style: StreamStyle;
  log: SampleLog;
}

/** One run of a sweep. */
export interface SweepCase {
  after: number;
  how: CutKind;
  /** In the first connection, or in the first and again in the second. */
  times: 1 | 2;
  life: LabJob['life'];
}

const SILENT_HANDSHAKE_MS = 1_500;

/** Runs all cases, so many at a time; gives a description of each that went wrong. */
export async function sweep(
  laboratory: Laboratory,
  options: SweepTarget & { cases: readonly SweepCase[]; concurrency: number },
): Promise<string[]> {
  const client = laboratory.client();
  const failures: string[] = [];
  const waiting = options.cases[Symbol.iterator]();
  const worker = async (): Promise<void> => {
    for (const next of waiting) {
      const treatment: Treatment = { cut: { after: next.after, how: next.how } };
      const problem = await tailOnce(
        laboratory,
        client,
        { ...options, ...next },
        Array(next.times).fill(treatment),
      );
      if (problem !== undefined) failures.push(`${JSON.stringify(next)}: ${problem}`);
    }
  };
  await Promise.all(Array.from({ length: options.concurrency }, worker));
  return failures;
}

/** How many bytes a clean run is answered: the cuts to sweep. */
export async function answerLength(laboratory: Laboratory, target: SweepTarget): Promise<number> {
  const { protocol, style, log } = target;
  const jobId = laboratory.addJob({ text: log.text, life: 'ended', old: { style } });
  laboratory.proxy.plan(jobId, []);
  const tail = laboratory.client().tailJobLogs(jobId, { protocol });
  for await (const _ of tail.batches());
  const [length] = laboratory.proxy.answered(jobId);
  laboratory.removeJob(jobId);
  return length as number;
}

async function tailOnce(
  laboratory: Laboratory,
  client: AgentClient,
  run: SweepTarget & SweepCase,
  treatments: Treatment[],
): Promise<string | undefined> {
  const jobId = laboratory.addJob({ text: run.log.text, life: run.life, old: { style: run.style } });
  laboratory.proxy.plan(jobId, treatments);
  // A handshake that is met by silence is given up after this long; any other has time.
  const timeoutMs = run.how === 'silence' ? SILENT_HANDSHAKE_MS : 10_000;
  const tail = client.tailJobLogs(jobId, { protocol: run.protocol, timeoutMs });
  const got: string[] = [];
  try {
    for await (const lines of tail.batches()) got.push(...lines);
    const end = await tail.end;
    if (end.reason !== 'complete') return `ended as ${end.reason}`;
    const [answered] = laboratory.proxy.answered(jobId);
    if (answered !== run.after) return `the proxy cut after ${answered} bytes`;
    return difference(got, onTerminal(run.log.lines));
  } catch (error) {
    return `threw ${error} after ${got.length} lines`;
  } finally {
    laboratory.removeJob(jobId);
  }
}

/** Where two lists of lines differ first. */
export function difference(got: readonly string[], expected: readonly string[]): string | undefined {
  const at = expected.findIndex((line, index) => line !== got[index]);
  if (at < 0 && got.length === expected.length) return undefined;
  const index = at < 0 ? expected.length : at;
  return `line ${index} of ${expected.length} (got ${got.length}) is ${JSON.stringify(got[index])}, not ${JSON.stringify(expected[index])}`;
}
