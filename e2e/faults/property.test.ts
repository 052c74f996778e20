import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { isLong } from './lab/extent.js';
import { type Laboratory, openLaboratory, type ServerKind } from './lab/laboratory.js';
import { readInTurns } from './lab/read-in-turns.js';
import { linesOf, onTerminal } from './lab/sample-log.js';
import { anyLog, anyMisbehaviour, anyReader, anyTreatment, STREAM_STYLES } from './lab/schedule.js';
import { difference } from './lab/sweep.js';

/** 10,000 schedules in the long run. */
const RUNS = isLong ? 625 : 40;
const STRANDS = 8;

const schedule = fc.record({
  log: anyLog(),
  life: fc.constantFrom('ended' as const, 'running' as const),
  protocol: fc.constantFrom('auto', 'websocket', 'http'),
  carriageReturn: fc.constantFrom('keep' as const, 'collapse' as const),
  treatments: fc.array(anyTreatment(), { maxLength: 5 }),
  readers: fc.array(anyReader(), { maxLength: 4 }),
  misbehaviours: fc.array(anyMisbehaviour(), { maxLength: 3 }),
  style: fc.constantFrom(...STREAM_STYLES),
  readBytes: fc.integer({ min: 40, max: 2_000 }),
  growBytes: fc.integer({ min: 40, max: 4_000 }),
  queueSize: fc.constantFrom(1, 3, 1_000),
  tailLines: fc.option(fc.nat(70), { nil: undefined, freq: 5 }),
});
type Schedule = typeof schedule extends fc.Arbitrary<infer Value> ? Value : never;

async function check(laboratory: Laboratory, given: Schedule): Promise<void> {
  const { log: text, life, style, misbehaviours, readBytes, growBytes, treatments } = given;
  const jobId = laboratory.addJob({
    text,
    life,
    old: { style, misbehaviours },
    gateway: { readBytes, growBytes },
  });
  laboratory.proxy.plan(jobId, treatments);
  // Old agents cannot start before the end, and of a log that grows nobody knows which lines are its last.
  const tailLines = laboratory.kind === 'gateway' && life === 'ended' ? given.tailLines : undefined;
  const { lines, end, errors } = await readInTurns(() => laboratory.newClient(), jobId, given.readers, {
    protocol: given.protocol,
    carriageReturn: given.carriageReturn,
    streamLimits: { queueSize: given.queueSize, maxMessageSize: 100_000 },
    timeoutMs: 1_500,
    ...(tailLines === undefined ? {} : { tailLines }),
  });
  laboratory.removeJob(jobId);
  const kept = linesOf(text, laboratory.kind);
  const expected = given.carriageReturn === 'keep' ? kept : onTerminal(kept);
  const wanted =
    tailLines === undefined ? expected : expected.slice(Math.max(0, expected.length - tailLines));
  const problem = end.reason === 'complete' ? difference(lines, wanted) : `ended as ${end.reason}`;
  if (problem !== undefined) throw new Error(problem);
  const faults = treatments.length + misbehaviours.length;
  if (errors.length > faults)
    throw new Error(`${errors.length} failures of ${faults} faults: ${errors.join('; ')}`);
}

describe.each<ServerKind>(['gateway', 'old agent'])('any log of the %s, any faults, any readers', (kind) => {
  let laboratory: Laboratory;
  beforeAll(async () => {
    laboratory = await openLaboratory(kind);
  });
  afterAll(() => laboratory.close());

  // Most of a run is waiting: several strands wait side by side, each with a seed of its own.
  it.concurrent.each(Array.from({ length: STRANDS }, (_, strand) => strand))(
    'every line comes once and in order (strand %i)',
    async (strand) => {
      const property = fc.asyncProperty(schedule, (given) => check(laboratory, given));
      await fc.assert(property, {
        numRuns: RUNS,
        seed: (fc.readConfigureGlobal().seed ?? 0) + strand,
        endOnFailure: process.env.RAYWIRE_SHRINK !== '1',
      });
    },
  );
});
