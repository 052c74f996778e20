import fc from 'fast-check';
import { expect, it } from 'vitest';
import { LineCutter } from './line-cutter.js';

it('gives the text of its lines as the log has it, unless a return was taken away', () => {
  const piece = fc
    .array(fc.constantFrom('a', 'é', '\n', '\r', '\r\n', '\ud83d'), { maxLength: 6 })
    .map((parts) => parts.join(''));
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 6 }), (pieces) => {
      const cutter = new LineCutter();
      const lines: string[] = [];
      for (const text of pieces) {
        const cut = cutter.push(text);
        lines.push(...cut.lines);
        const own = cut.lines.map((line) => `${line}\n`).join('');
        if (cut.text === undefined)
          expect(cut.lines.length === 0 || pieces.join('').includes('\r')).toBe(true);
        else expect(cut.text).toBe(own);
      }
      const whole = pieces.join('').split('\n');
      expect(cutter.takeRest()).toBe(whole.pop());
      expect(lines).toEqual(whole.map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line)));
    }),
  );
});
