import { InvalidArgumentError } from '@raywire/core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { validateApplicationName } from './validate-application-name.js';
import { validateResourceId } from './validate-resource-id.js';

test.each(['raysubmit_abc123', 'a', 'A-b_9', 'x'.repeat(100)])('%s is an ID', (id) => {
  expect(validateResourceId(id, 'job')).toBe(id);
});

test.each([
  ['../x', '"../x"'],
  ['a/b', '"a/b"'],
  ['a b', '"a b"'],
  ['a\n', '"a\\n"'],
  ['exp.v1', '"exp.v1"'],
  ['한', '"한"'],
  ['', '""'],
  ['x'.repeat(101), `"${'x'.repeat(60)}…"`],
  [null, 'null'],
  [undefined, 'undefined'],
  [{}, 'an object'],
  [['a'], 'an array'],
  [5, '5'],
])('%j is no ID, and the message shows it and the rule', (id, shown) => {
  const check = (): unknown => validateResourceId(id, 'job');
  expect(check).toThrow(InvalidArgumentError);
  expect(check).toThrow(
    `The job ID must be a string of 1 to 100 letters, digits, "_" and "-", but it is ${shown}.`,
  );
});

test('every ID that passes stays one segment of a path', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[a-zA-Z0-9_./-]{1,12}$/)), (id) => {
      let accepted = true;
      try {
        validateResourceId(id, 'node');
      } catch {
        accepted = false;
      }
      expect(accepted).toBe(/^[a-zA-Z0-9_-]{1,100}$/.test(id) && !id.includes('\n'));
      if (accepted) expect(new URL(`jobs/${id}/`, 'http://h/').pathname).toBe(`/jobs/${id}/`);
    }),
  );
});

test.each(['default', 'my app', 'a/b', '한국어', '...', '100%', '🎈'])(
  '%s is the name of an application',
  (name) => {
    expect(validateApplicationName(name)).toBe(name);
  },
);

test.each(['', '.', '..', 'a\nb', 'a\u0000', '\u007f', '\u0085', '\ud800', null, 5, {}])(
  '%j is no name of an application',
  (name) => {
    expect(() => validateApplicationName(name)).toThrow(InvalidArgumentError);
    expect(() => validateApplicationName(name)).toThrow(/^The application name must be/);
  },
);

test('every name that passes, percent-encoded, stays one segment of a path', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (name) => {
      try {
        validateApplicationName(name);
      } catch {
        return;
      }
      const { pathname } = new URL(`apps/${encodeURIComponent(name)}/`, 'http://h/');
      const segments = pathname.split('/');
      expect(segments).toHaveLength(4);
      expect(decodeURIComponent(segments[2] ?? '')).toBe(name);
    }),
  );
});
