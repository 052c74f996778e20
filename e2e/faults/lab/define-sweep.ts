import type { DashboardSource } from '@raywire/testing';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDashboardLaboratory } from './dashboard-laboratory.js';
import { isLong } from './extent.js';
import { openLaboratory, type ServerKind, type TailLaboratory } from './laboratory.js';
import type { StreamStyle } from './old-agent.js';
import { canonicalLinesOf, sampleLog } from './sample-log.js';
import { answerLength, type SweepCase, type SweepTarget, sweep } from './sweep.js';

/** About how many bytes are between two cuts of the sample that CI runs. */
const STRIDE = 23;
const CONCURRENCY = 32;

/** Cuts an agent's answer after each single byte (or a seeded sample of them), in each way, once and again. */
export function defineSweep(
  protocol: 'websocket' | 'http',
  kind: ServerKind,
  style: StreamStyle = 'event-stream',
): void {
  defineSweepOf(`a tail by ${protocol} of a job of the ${kind} (${style})`, () => openLaboratory(kind), {
    protocol,
    log: sampleLog(),
    job: { old: { style } },
  });
}

/** The same of one way to a log of a Ray cluster, by that way alone. */
export function defineDashboardSweep(source: DashboardSource, { unframed = false } = {}): void {
  const { text, lines } = sampleLog();
  const isCanonical = source === 'dashboard-websocket';
  const name = `a tail by ${source} of a job of a Ray cluster${unframed ? ' (unframed)' : ''}`;
  defineSweepOf(name, () => openDashboardLaboratory(), {
    protocol: source,
    log: { text, lines: isCanonical ? canonicalLinesOf(text) : lines },
    job: { dashboard: { unframed } },
    logOf: (jobId) => `${source}/${jobId}`,
  });
}

function defineSweepOf(name: string, open: () => Promise<TailLaboratory>, target: SweepTarget): void {
  describe(name, () => {
    let laboratory: TailLaboratory;
    beforeAll(async () => {
      laboratory = await open();
    });
    afterAll(() => laboratory.close());

    it.each(['fin', 'reset', 'silence'] as const)(
      'delivers the very lines, once and in order, wherever it is cut by %s',
      async (how) => {
        const length = await answerLength(laboratory, target);
        const { seed = 0 } = fc.readConfigureGlobal();
        // The `complete` event comes last: a cut of what follows it is none.
        const cases = casesOf({ how, length, seed });
        expect(await sweep(laboratory, { ...target, cases, concurrency: CONCURRENCY })).toEqual([]);
        expect(cases.length).toBeGreaterThan(length / STRIDE / 2);
      },
    );
  });
}

function casesOf(options: { how: SweepCase['how']; length: number; seed: number }): SweepCase[] {
  const { how, length, seed } = options;
  const step = isLong ? 1 : STRIDE;
  const cases: SweepCase[] = [];
  for (let after = isLong ? 0 : Math.abs(seed) % step; after < length; after += step) {
    for (const times of [1, 2] as const) {
      const lives = isLong ? (['ended', 'running'] as const) : ([after % 2 ? 'ended' : 'running'] as const);
      for (const life of lives) cases.push({ after, how, times, life });
    }
  }
  return cases;
}
