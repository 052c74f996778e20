import {
  DashboardClient as Client,
  type DashboardClient,
  type LogTail,
  StreamGapError,
} from '@raywire/dashboard';
import { LogFolder, type Rotation } from '@raywire/testing';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isLong } from './lab/extent.js';
import { difference } from './lab/sweep.js';

const RUNS = isLong ? 200 : 8;
const STRANDS = 12;

/** What a job prints: numbered lines can be told from each other, equal ones and those of a cycle cannot. */
const kinds = ['numbered', 'equal', 'cycle', 'long cycle'] as const;

function lineOf(kind: (typeof kinds)[number], index: number, length: number): string {
  const name =
    kind === 'numbered'
      ? `line ${index}`
      : kind === 'equal'
        ? 'alive'
        : `step ${index % (kind === 'cycle' ? 3 : 30)}`;
  return name.padEnd(length, '.');
}

const schedule = fc.record({
  kind: fc.constantFrom(...kinds),
  length: fc.integer({ min: 20, max: 700 }),
  rotation: fc.record({
    by: fc.constantFrom<Rotation['by'][]>('rename', 'copy'),
    backups: fc.integer({ min: 1, max: 4 }),
  }),
  nodeAgents: fc.constantFrom(undefined, false as const),
  before: fc.array(fc.integer({ min: 30, max: 60 }), { maxLength: 4 }),
  /** What happens while the reader is at the end of the log, or away. A rotation comes after so many lines. */
  steps: fc.array(
    fc.record({
      bursts: fc.array(fc.integer({ min: 30, max: 60 }), { minLength: 1, maxLength: 5 }),
      /** The reader reads each burst; reads when all have come; or leaves before and comes back after with its cursor. */
      reader: fc.constantFrom('reads' as const, 'waits' as const, 'is away' as const),
    }),
    { minLength: 1, maxLength: 3 },
  ),
  tailLines: fc.option(fc.integer({ min: 1, max: 90 }), { nil: undefined, freq: 4 }),
});
type Schedule = typeof schedule extends fc.Arbitrary<infer Value> ? Value : never;

async function check(given: Schedule): Promise<void> {
  // Through the head alone nothing tells equal files from each other.
  fc.pre(given.nodeAgents === undefined || given.kind === 'numbered');
  // Once its file has gone, a long cycle is taken for what it repeats.
  fc.pre(
    given.kind !== 'long cycle' || given.steps.every(({ bursts }) => bursts.length <= given.rotation.backups),
  );
  const { kind, length, rotation } = given;
  await using folder = await LogFolder.start(rotation);
  const client = new Client({ address: folder.url, nodeAgents: given.nodeAgents });
  try {
    await read(folder, client, given, (index) => lineOf(kind, index, length));
  } finally {
    await client.close();
  }
}

async function read(
  folder: LogFolder,
  client: DashboardClient,
  { kind, before, steps, tailLines }: Schedule,
  line: (index: number) => string,
): Promise<void> {
  const written: string[] = [];
  let removedBytes = 0;
  let removedLines = 0;
  folder.onRemoved = (bytes) => {
    removedBytes += bytes;
    for (let left = removedBytes, count = 0; ; count++) {
      removedLines = count;
      left -= (written[count] ?? '').length + 1;
      if (left < 0 || count >= written.length) break;
    }
  };
  const burst = (lines: number): void => {
    const fresh = Array.from({ length: lines }, (_, index) => line(written.length + index));
    written.push(...fresh);
    folder.write(fresh.map((text) => `${text}\n`).join(''));
  };
  for (const lines of before) {
    burst(lines);
    folder.rotate();
  }
  burst(30);
  const first = tailLines === undefined ? removedLines : Math.max(removedLines, written.length - tailLines);
  const got: string[] = [];
  const events: string[] = [];
  let tail: LogTail | undefined;
  let lines: AsyncIterator<string> | undefined;
  const readTo = async (count: number): Promise<void> => {
    if (lines === undefined) {
      const place = tail === undefined ? { tailLines } : { cursor: tail.cursor };
      tail = client.streamTailJobLogs(folder.jobId, { ...place, onEvent: ({ type }) => events.push(type) });
      lines = tail[Symbol.asyncIterator]();
    }
    while (first + got.length < count) {
      const next = await lines.next();
      if (next.done) return;
      got.push(next.value);
    }
  };
  // What the reader had not got when its file was removed; and what nobody can tell from other lines.
  const mayHaveGap = (): boolean => kind !== 'numbered' || removedLines > first + got.length;
  try {
    await readTo(written.length);
    for (const { bursts, reader } of steps) {
      if (reader === 'is away') {
        await lines?.return?.();
        lines = undefined;
      }
      for (const count of bursts) {
        burst(count);
        if (reader === 'reads') await readTo(written.length);
        folder.rotate();
      }
      burst(30);
      await readTo(written.length);
    }
    folder.status = 'SUCCEEDED';
    await readTo(Number.POSITIVE_INFINITY);
    expect((await tail?.end)?.reason).toBe('complete');
  } catch (error) {
    if (!StreamGapError.isInstance(error) || !mayHaveGap()) throw error;
    expect(difference(got, written.slice(first, first + got.length))).toBeUndefined();
    return;
  }
  const problem = difference(got, written.slice(first));
  if (problem !== undefined) throw new Error(`${problem}; ${events.join(', ')}`);
}

describe('a log that rotates at random', () => {
  it.concurrent.each(Array.from({ length: STRANDS }, (_, strand) => strand))(
    'gives every line once and in order, or tells of a gap (strand %i)',
    async (strand) => {
      await fc.assert(fc.asyncProperty(schedule, check), {
        numRuns: RUNS,
        seed: (fc.readConfigureGlobal().seed ?? 0) + strand,
        endOnFailure: process.env.RAYWIRE_SHRINK !== '1',
      });
    },
  );
});
