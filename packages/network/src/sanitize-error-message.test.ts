import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sanitizeErrorMessage } from './sanitize-error-message.js';

const token = 'abc123.DEF-456';

test.each([
  `Authorization: ${token}`,
  `Authorization: Bearer ${token}`,
  `authorization: Basic ${token}`,
  `{"Authorization": "Bearer ${token}"}`,
  `{'SYNAPSE-User': 'Token ${token}'}`,
  `SYNAPSE-Tenant: Token ${token}`,
  `bearer ${token}`,
  `invalid header: Bearer  ${token}`,
  `http://user:${token}@host/path failed`,
  `GET http://host/x?ticket=${token}&a=1`,
  `X-Api-Key: ${token}`,
  `"agent_token": "${token}"`,
  `password=${token}`,
  `Cookie: session=${token}`,
])('the secret of %s is taken out', (message) => {
  const sanitized = sanitizeErrorMessage(message);
  expect(sanitized).not.toContain(token);
  expect(sanitized).toContain('[redacted]');
  expect(sanitizeErrorMessage(sanitized)).toBe(sanitized);
});

test.each([
  'Job raysubmit_1 does not exist',
  'Unexpected token < in JSON at position 0',
  'The basic idea',
  'connect ECONNREFUSED 127.0.0.1:8899',
])('%s stays readable', (message) => {
  expect(sanitizeErrorMessage(message)).toContain(message.slice(0, 10));
});

test('errors, objects and anything else that was thrown become text', () => {
  expect(sanitizeErrorMessage(new TypeError('no http://u:p@h'))).toBe('TypeError: no http://[redacted]@h');
  expect(sanitizeErrorMessage({ message: 'said' })).toBe('said');
  expect(sanitizeErrorMessage({})).toBe('an error without a message');
  expect(sanitizeErrorMessage(undefined)).toBe('undefined');
  expect(sanitizeErrorMessage(Symbol('x'))).toBe('Symbol(x)');
});

test('the result is bounded, on one line and without control characters', () => {
  expect(sanitizeErrorMessage('x'.repeat(1_000_000))).toHaveLength(501);
  fc.assert(
    fc.property(fc.anything(), (message) => {
      const sanitized = sanitizeErrorMessage(message);
      expect(sanitized.length).toBeLessThanOrEqual(501);
      expect(sanitized).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
    }),
  );
});

test('a secret value is taken out wherever it stands', () => {
  const secret = fc
    .stringMatching(/^[A-Za-z0-9._~+/-]{12,40}$/)
    // What begins like `8080/` reads as a port with a path: no text can tell.
    .filter((text) => !text.includes('redacted') && !/^\d{1,5}\//.test(text));
  const place = fc.constantFrom('Bearer ', 'token=', 'http://u:', 'authorization: ', 'x-secret: ');
  fc.assert(
    fc.property(fc.string(), place, secret, (before, name, value) => {
      const after = name.startsWith('http') ? '@host' : '';
      expect(sanitizeErrorMessage(`${before.slice(0, 100)} ${name}${value}${after} end`)).not.toContain(
        value,
      );
    }),
  );
});
