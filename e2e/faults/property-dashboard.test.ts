import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, it } from 'vitest';
import {
  DASHBOARD_SOURCES,
  type DashboardLaboratory,
  openDashboardLaboratory,
} from './lab/dashboard-laboratory.js';
import { isLong } from './lab/extent.js';
import { readInTurns } from './lab/read-in-turns.js';
import { canonicalLinesOf, linesOf, onTerminal } from './lab/sample-log.js';
import { anyLog, anyReader, anyTreatment } from './lab/schedule.js';
import { difference } from './lab/sweep.js';

/** 10,000 schedules in the long run. */
const RUNS = isLong ? 417 : 15;
/** Most of a run is waiting for the next poll. */
const STRANDS = 24;

/** Which sources, so what is exact: by bytes, canonical, or, where a tail may change between both, at least that. */
const ways = [
  { protocol: 'http', nodeAgents: undefined },
  { protocol: 'http', nodeAgents: false },
  { protocol: 'websocket', nodeAgents: undefined },
  { protocol: 'auto', nodeAgents: undefined },
  { protocol: 'auto', nodeAgents: false },
] as const;

const schedule = fc.record({
  log: anyLog(),
  /** Where in the log there is a byte that is not UTF-8. */
  badByte: fc.option(fc.nat(200), { nil: undefined, freq: 4 }),
  life: fc.constantFrom('ended' as const, 'running' as const),
  /** In how many pieces a running job writes its log. */
  pieces: fc.integer({ min: 1, max: 3 }),
  pending: fc.nat(2),
  way: fc.constantFrom(...ways),
  carriageReturn: fc.constantFrom('keep' as const, 'collapse' as const),
  treatments: fc.tuple(
    fc.array(anyTreatment(), { maxLength: 4 }),
    fc.array(anyTreatment(), { maxLength: 4 }),
    fc.array(anyTreatment(), { maxLength: 3 }),
  ),
  readers: fc.array(anyReader(), { maxLength: 4 }),
  readBytes: fc.integer({ min: 40, max: 2_000 }),
  queueSize: fc.constantFrom(1, 3, 1_000),
  tailLines: fc.option(fc.nat(70), { nil: undefined, freq: 5 }),
});
type Schedule = typeof schedule extends fc.Arbitrary<infer Value> ? Value : never;

async function check(laboratory: DashboardLaboratory, given: Schedule): Promise<void> {
  const { way, life, pieces, pending, readBytes, treatments } = given;
  const isCanonical = way.protocol === 'websocket';
  // Ray's WebSocket alone cannot get past such a byte.
  const bytes = withBadByte(given.log, isCanonical ? undefined : given.badByte);
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
  const growBytes = Math.max(1, Math.ceil(bytes.length / pieces));
  const lies = { status: 'PENDING' as const, times: pending };
  const jobId = laboratory.addJob({ text, life, dashboard: { bytes, readBytes, growBytes, lies } });
  treatments.forEach((plan, index) => {
    laboratory.proxy.plan(laboratory.logOf(DASHBOARD_SOURCES[index] ?? 'dashboard-files', jobId), plan);
  });
  // Where the last lines begin, only the file itself tells; and of a log that grows nobody knows which they are.
  const tailLines = way.protocol === 'http' && life === 'ended' ? given.tailLines : undefined;
  const carriageReturn = way.protocol === 'auto' ? 'keep' : given.carriageReturn;
  const { lines, end, errors } = await readInTurns(
    () => laboratory.newClient({ nodeAgents: way.nodeAgents }),
    jobId,
    given.readers,
    {
      protocol: way.protocol,
      carriageReturn,
      streamLimits: { queueSize: given.queueSize, maxMessageSize: 100_000 },
      timeoutMs: 1_500,
      ...(tailLines === undefined ? {} : { tailLines }),
    },
  );
  laboratory.removeJob(jobId);
  const exact = linesOf(text, 'old agent');
  const kept = isCanonical || way.protocol === 'auto' ? canonicalLinesOf(text) : exact;
  const expected = carriageReturn === 'keep' ? kept : onTerminal(kept);
  const wanted =
    tailLines === undefined ? expected : expected.slice(Math.max(0, expected.length - tailLines));
  const got = way.protocol === 'auto' ? lines.flatMap((line) => line.split('\r')) : lines;
  const problem = end.reason === 'complete' ? difference(got, wanted) : `ended as ${end.reason}`;
  if (problem !== undefined) throw new Error(problem);
  const faults = treatments.flat().length;
  if (errors.length > faults)
    throw new Error(`${errors.length} failures of ${faults} faults: ${errors.join('; ')}`);
}

function withBadByte(log: string, at: number | undefined): Buffer {
  if (at === undefined) return Buffer.from(log);
  const characters = Array.from(log);
  const place = at % (characters.length + 1);
  const [before, after] = [characters.slice(0, place), characters.slice(place)];
  return Buffer.concat([Buffer.from(before.join('')), Buffer.of(0xff), Buffer.from(after.join(''))]);
}

describe('any log of a Ray cluster, any faults, any readers', () => {
  let laboratory: DashboardLaboratory;
  beforeAll(async () => {
    laboratory = await openDashboardLaboratory();
  });
  afterAll(() => laboratory.close());

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
