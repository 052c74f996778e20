import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Redactor } from '../redaction/redactor.js';
import { httpErrorFromResponse } from './http-error-from-response.js';
import { parseRetryAfter } from './retry-after.js';

const refused = { headers: {}, body: '', url: 'ws://h/jobs/x/logs/?ticket=hidden' };

test.each([101, 200, 204, 304])('%i instead of what was asked for is an unexpected answer', (status) => {
  const error = httpErrorFromResponse({ ...refused, status, body: '<html>Welcome</html>' });
  expect(error).toMatchObject({ name: 'ServerError', code: 'UNEXPECTED_RESPONSE', statusCode: 502 });
  expect(error.message).toContain(`/jobs/x/logs/ was answered ${status}: an HTML page`);
});

test('the query of the URL is not shown, nor what is secret by its place or known to the client', () => {
  const redactor = new Redactor();
  redactor.add('s3cret');
  const body = JSON.stringify({ detail: 's3cret http://u:p4ss@h/?token=t0k' });
  const error = httpErrorFromResponse({ ...refused, status: 403, body }, redactor);
  expect(JSON.stringify(error) + error.stack).not.toMatch(/s3cret|p4ss|t0k|hidden/);
});

test.each([
  ['escaped letter by letter', '{"detail":"no \\u0074\\u006fk-3cr3t"}', 'tok-3cr3t', 'no [redacted]'],
  ['that is a quote', '{"detail":["a","\\""]}', '"', ['a', '[redacted]']],
  ['that is a comma', '{"detail":["a","b"]}', ',', ['a', 'b']],
  ['that is a number', '{"detail":{"a":5,"b":55}}', '5', { a: '[redacted]', b: 55 }],
  [
    'that is a number too long for JSON',
    '{"detail":{"a":12345678901234567890}}',
    '12345678901234567890',
    { a: '[redacted]' },
  ],
  ['that is a name', '{"detail":{"a":"a","b":{"a":1}}}', 'a', { a: '[redacted]', b: { a: 1 } }],
  ['that is our name', '{"detail":{"a":"b"}}', 'detail', { a: 'b' }],
  ['that is a literal', '{"detail":{"a":true,"b":null}}', 'true', { a: true, b: null }],
  ['as a name', '{"detail":{"tok-3cr3t":1}}', 'tok-3cr3t', { '[redacted]': 1 }],
  [
    'beside a prototype',
    '{"detail":{"__proto__":{"a":1},"b":"tok-3cr3t"}}',
    'tok-3cr3t',
    { b: '[redacted]' },
  ],
])('a secret %s leaves JSON what it is', (_how, body, secret, detail) => {
  const redactor = new Redactor();
  redactor.add(secret);
  const error = httpErrorFromResponse({ ...refused, status: 400, body }, redactor);
  expect(error.detail).toEqual(detail);
});

test('any status and any body make an error of a readable length', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 100, max: 999 }),
      fc.oneof(fc.string(), fc.json()),
      fc.string(),
      (status, body, type) => {
        const error = httpErrorFromResponse({ ...refused, status, body, headers: { 'content-type': type } });
        expect(error.message.length).toBeLessThan(1_000);
        expect(error.message).not.toMatch(/[\u0000-\u001f]/);
      },
    ),
  );
});

test.each([
  ['0', 0],
  ['7', 7_000],
  [' 1.5 ', 1_500],
  ['Wed, 21 Oct 2015 07:28:10 GMT', 10_000],
  ['Wed, 21 Oct 2015 07:27:00 GMT', 0],
  ['soon', undefined],
  ['-5', undefined],
  ['', undefined],
  [undefined, undefined],
])('a Retry-After of %j is %j ms', (value, expected) => {
  expect(parseRetryAfter(value, Date.parse('2015-10-21T07:28:00Z'))).toBe(expected);
});

test('a secret is taken out before the text is cut, also one that only the request knows', () => {
  const token = `SECRET${'x'.repeat(60)}END`;
  for (const padding of [460, 480, 3_960, 3_990]) {
    const error = httpErrorFromResponse({
      status: 502,
      headers: { 'content-type': 'text/plain' },
      body: `${'a'.repeat(padding)} ${token}`,
      url: 'http://h/path',
      requestHeaders: { authorization: token },
    });
    expect(`${error.message} ${error.detail}`).not.toContain('SECRET');
  }
});
