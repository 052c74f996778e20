import fc from 'fast-check';
import { expect, it } from 'vitest';
import { validateRayId } from './validate-ray-id.js';

it.each(['exp.v1', 'a b/../c', 'raysubmit_x', '日本', '...', '%2e%2e'])('takes %j, as Ray does', (id) => {
  expect(() => validateRayId('job', id)).not.toThrow();
});

it.each(['', '.', '..', 'a\nb', 'a\u0085b', 'x'.repeat(257), '\ud800', 7, undefined])('refuses %j', (id) => {
  expect(() => validateRayId('job', id)).toThrow(/job ID/);
});

it('whatever it takes stays one segment of a path', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (id) => {
      try {
        validateRayId('job', id);
      } catch {
        return;
      }
      const url = new URL(`api/jobs/${encodeURIComponent(id)}`, 'http://head:8265/prefix/');
      expect(url.pathname.split('/')).toHaveLength(5);
      expect(decodeURIComponent(url.pathname.split('/')[4] as string)).toBe(id);
    }),
  );
});
