import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mixBlocks as mixInBrowsers } from './mix-blocks.browser.js';
import { mixBlocks as mixInNode } from './mix-blocks.node.js';
import { RollingHash } from './rolling-hash.js';

function stateAfter(pieces: readonly Uint8Array[]): string {
  let state = new RollingHash().state;
  for (const piece of pieces) {
    const hash = new RollingHash(state);
    hash.update(piece, piece.length);
    state = hash.state;
  }
  return state;
}

const bytes = fc.oneof(fc.uint8Array({ maxLength: 40 }), fc.uint8Array({ minLength: 1000, maxLength: 3000 }));

describe('a rolling hash', () => {
  it('depends on the bytes alone, not on how they were cut', () => {
    fc.assert(
      fc.property(bytes, fc.array(fc.nat(3000), { maxLength: 6 }), (whole, cuts) => {
        const at = [0, ...cuts.map((cut) => cut % (whole.length + 1)).sort((a, b) => a - b), whole.length];
        const pieces = at.slice(1).map((end, index) => whole.subarray(at[index], end));
        expect(stateAfter(pieces)).toBe(stateAfter([whole]));
      }),
    );
  });

  it('is the same in browsers, so that a cursor goes on there', () => {
    const mixed = (mix: typeof mixInNode, text: Uint8Array, from: number): number[] => {
      const lanes = Int32Array.of(1, -2, 3, -4);
      mix(lanes, text, from, text.length - ((text.length - from) % 16));
      return [...lanes];
    };
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 7, maxLength: 3000 }), fc.nat(7), (whole, from) => {
        expect(mixed(mixInBrowsers, whole, from)).toEqual(mixed(mixInNode, whole, from));
      }),
    );
  });

  it('knows its own states from other text', () => {
    fc.assert(fc.property(bytes, (whole) => RollingHash.isState(stateAfter([whole]))));
    for (const text of ['', '0.0.0', '0.0.0.0', '0.0.0.0.0', '0.0.0.0.zz', `0.0.0.0.${'00'.repeat(16)}`]) {
      expect(RollingHash.isState(text)).toBe(false);
    }
  });

  it('changes with any byte', () => {
    fc.assert(
      fc.property(bytes, fc.nat(), fc.integer({ min: 1, max: 255 }), (whole, at, change) => {
        fc.pre(whole.length > 0);
        const other = whole.slice();
        const index = at % whole.length;
        other[index] = (whole[index] as number) ^ change;
        expect(stateAfter([other])).not.toBe(stateAfter([whole]));
      }),
    );
  });
});
