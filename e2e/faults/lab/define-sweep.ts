import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isLong } from './extent.js';
import { type Laboratory, openLaboratory, type ServerKind } from './laboratory.js';
import type { StreamStyle } from './old-agent.js';
import { sampleLog } from './sample-log.js';
import { answerLength, type SweepCase, sweep } from './sweep.js';

/** About how many bytes are between two cuts of the sample that CI runs. */
const STRIDE = 23;
const CONCURRENCY = 32;

/** Cuts the answer after each single byte (or a seeded sample of them), in each way, once and again. */
export function defineSweep(
  protocol: 'websocket' | 'http',
  kind: ServerKind,
  style: StreamStyle = 'event-stream',
): void {
  describe(`a tail by ${protocol} of a job of the ${kind} (${style})`, () => {
    let laboratory: Laboratory;
    const log = sampleLog();
    beforeAll(async () => {
      laboratory = await openLaboratory(kind);
    });
    afterAll(() => laboratory.close());

    it.each(['fin', 'reset', 'silence'] as const)(
      'delivers the very lines, once and in order, wherever it is cut by %s',
      async (how) => {
        const length = await answerLength(laboratory, { protocol, style, log });
        const { seed = 0 } = fc.readConfigureGlobal();
        // The `complete` event comes last: a cut of what follows it is none.
        const cases = casesOf({ how, length, seed });
        expect(await sweep(laboratory, { protocol, style, cases, log, concurrency: CONCURRENCY })).toEqual(
          [],
        );
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
