import { inspect } from 'node:util';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Redactor } from './redactor.js';

function redactorOf(...secrets: string[]): Redactor {
  const redactor = new Redactor();
  for (const secret of secrets) redactor.add(secret);
  return redactor;
}

describe('Redactor.redact', () => {
  test('takes out a secret in every form in which it may come back', () => {
    const secret = `p@ss "w\\ö'rd&/+ <x>`;
    const redactor = redactorOf(secret);
    const forms = [
      secret,
      encodeURIComponent(secret),
      encodeURIComponent(secret).replaceAll(/%../g, (byte) => byte.toLowerCase()),
      encodeURI(secret),
      new URLSearchParams({ q: secret }).toString().slice(2),
      JSON.stringify(secret),
      JSON.stringify(secret).replaceAll('ö', '\\u00f6'),
      JSON.stringify(secret).replaceAll('/', '\\/'),
      inspect(secret),
      Buffer.from(secret).toString('base64'),
      Buffer.from(secret).toString('base64url'),
      encodeURIComponent(Buffer.from(secret).toString('base64')),
      secret
        .replaceAll('&', '&amp;')
        .replaceAll('<', '&lt;')
        .replaceAll('>', '&gt;')
        .replaceAll('"', '&quot;')
        .replaceAll("'", '&#39;'),
    ];
    for (const form of forms) {
      expect(redactor.redact(`before ${form} after`)).toMatch(
        /^before ["'`]?\[redacted\](?:=|%3D)*["'`]? after$/,
      );
    }
  });

  test('takes out a long secret inside of Basic credentials, whatever the user is called', () => {
    const redactor = redactorOf('a-long-enough-secret');
    for (const user of ['', 'u', 'us', 'use', 'somebody']) {
      const encoded = Buffer.from(`${user}:a-long-enough-secret`).toString('base64');
      const rest = redactor.redact(encoded);
      expect(rest).toContain('[redacted]');
      expect(Buffer.from(rest.replace('[redacted]', ''), 'base64').toString()).not.toContain('secre');
    }
  });

  test('leaves no rest of a secret that another one begins', () => {
    expect(redactorOf('abc', 'abcdef').redact('x abcdef y')).toBe('x [redacted] y');
  });

  test('ignores an empty secret', () => {
    expect(redactorOf('', '  ').redact('nothing to hide')).toBe('nothing to hide');
  });

  test('forgets the oldest of very many secrets, and none that is still in use', () => {
    const redactor = redactorOf('in-use');
    for (let index = 0; index < 1_000; index += 1) {
      redactor.add(`token-number-${index}`);
      redactor.add('in-use');
    }
    expect(redactor.redact('in-use token-number-999 token-number-0;')).toBe(
      '[redacted] [redacted] token-number-0;',
    );
  });

  test.each([
    ['http://user:pass@host/path', 'http://[redacted]@host/path'],
    ['connect to https://user@host:80 failed', 'connect to https://[redacted]@host:80 failed'],
    ['http://u:p@ss@host/', 'http://[redacted]@host/'],
    ['http://user:pa/ss@host/', 'http://[redacted]@host/'],
    ['"http://user:pa#ss@host/"', '"http://[redacted]@host/"'],
    [
      'http://host/?next=http%3A%2F%2Fuser%3Apass%40other',
      'http://host/?next=http%3A%2F%2F[redacted]%40other',
    ],
    ['http://host:8080/@scope/name', 'http://host:8080/@scope/name'],
    [
      'file:///a/node_modules/@raywire/core/dist/index.js:1:2',
      'file:///a/node_modules/@raywire/core/dist/index.js:1:2',
    ],
    ['mail someone@example.org', 'mail someone@example.org'],
  ])('takes the credentials out of %s', (text, expected) => {
    expect(new Redactor().redact(text)).toBe(expected);
  });

  test.each([
    'token',
    'ticket',
    'api_key',
    'apiKey',
    'ssh-key',
    'access_token',
    'agent_token',
    'secret',
    'client_secret',
    'password',
    'signature',
    'X-Amz-Signature',
    'X-Amz-Credential',
    'sig',
    'auth',
    'credential',
  ])('takes out the value of %s in a query', (name) => {
    const redactor = new Redactor();
    expect(redactor.redact(`GET /x?a=1&${name}=abc%20d&b=2 failed`)).toBe(
      `GET /x?a=1&${name}=[redacted]&b=2 failed`,
    );
    expect(redactor.redact(`${name}=abc`)).toBe(`${name}=[redacted]`);
    expect(redactor.redact(`?to=%2Fx%3Fa%3D1%26${name}%3Dabc%26b%3D2`)).toBe(
      `?to=%2Fx%3Fa%3D1%26${name}%3D[redacted]%26b%3D2`,
    );
  });

  test('takes out the value of key alone in the query of a URL only', () => {
    const { redact } = { redact: (text: string) => new Redactor().redact(text) };
    expect(redact('GET /x?key=abc&a=1')).toBe('GET /x?key=[redacted]&a=1');
    expect(redact('GET /x?a=1&key=abc')).toBe('GET /x?a=1&key=[redacted]');
    expect(redact('<a href="/x?a=1&amp;key=abc">')).toBe('<a href="/x?a=1&amp;key=[redacted]">');
    expect(redact('?to=%2Fx%3Fkey%3Dabc%26key%3Dabc')).toBe('?to=%2Fx%3Fkey%3D[redacted]%26key%3D[redacted]');
    const text = 'Invalid filter key=node_id, (key=state)';
    expect(redact(text)).toBe(text);
  });

  test('leaves what only looks like a secret value', () => {
    const text = 'monkey=1 design=2 author=3 keys=4 GET /x?limit=5';
    expect(new Redactor().redact(text)).toBe(text);
  });

  test.each([
    ['t', 'authorization: t', 'authorization: [redacted]'],
    ['t', 'token t, expired', 'token [redacted], expired'],
    ['t', 'id=t&a=1', 'id=[redacted]&a=1'],
    ['t', '{"echo":"t"}', '{"echo":"[redacted]"}'],
    ['t', "invalid token b't'", "invalid token b'[redacted]'"],
    ['t', 'sent%3A%20t%0A', 'sent%3A%20[redacted]%0A'],
    ['t', String.raw`sent:\nt\n`, String.raw`sent:\n[redacted]\n`],
    ['t', 'Basic dA==', 'Basic [redacted]=='],
    ['t', '/jobs/t/logs/', '/jobs/[redacted]/logs/'],
    ['t/', 'id=t%2F', 'id=[redacted]'],
    ['-', 'authorization: -', 'authorization: [redacted]'],
    ['a"', String.raw`{"echo":"a\""}`, '{"echo":"[redacted]"}'],
    ['12345', 'at 12345 ms', 'at [redacted] ms'],
    ['123456', 'x1234567', 'x[redacted]7'],
  ])('takes out the short secret %s that is a word of its own: %s', (secret, text, expected) => {
    expect(redactorOf(secret).redact(text)).toBe(expected);
  });

  test.each([
    ['t', "http://h:1 cannot be reached, and that's it: it can't"],
    ['B', 'the stream limit maxBytes'],
    ['s', "the server's answer"],
    ['12345', 'raysubmit_123456'],
    ['-', 'raysubmit-1 --3 -2'],
    ['/', 'GET http://h/a/b'],
    ['.', 'It failed. It ended...'],
  ])('leaves the short secret %s inside of words and punctuation: %s', (secret, text) => {
    expect(redactorOf(secret).redact(text)).toBe(text);
  });

  test('never leaves a secret in a text, and changes nothing the second time', () => {
    const secrets = fc.array(fc.string({ minLength: 6, maxLength: 40, unit: 'binary' }), {
      minLength: 1,
      maxLength: 4,
    });
    fc.assert(
      fc.property(
        secrets,
        fc.array(fc.string({ unit: 'binary' }), { minLength: 1, maxLength: 5 }),
        (held, parts) => {
          const kept = held.filter((secret) => secret.trim() !== '' && !'[redacted]'.includes(secret));
          const redactor = redactorOf(...kept);
          for (const secret of kept) {
            for (const form of [secret, JSON.stringify(secret), encodeURIComponent(secret)]) {
              const redacted = redactor.redact(parts.join(form));
              const bare = redacted.replaceAll('[redacted]', '\u0000|\u0000');
              for (const any of kept) expect(bare.includes(any) && !any.includes('\u0000')).toBe(false);
              expect(redactor.redact(redacted)).toBe(redacted);
            }
          }
        },
      ),
      { numRuns: 50 },
    );
  });

  test('takes linear time for hostile texts', () => {
    const redactor = redactorOf('a-secret', 't', '-', "'");
    const pieces = [
      '//',
      '//a:',
      '%2F%2F',
      'token',
      'token=',
      '//a:b/',
      'key%3D',
      '?key=',
      't',
      "t't",
      ' t',
      '-',
      '%20t',
    ];
    for (const piece of pieces) {
      const start = performance.now();
      redactor.redact(piece.repeat(50_000));
      expect(performance.now() - start).toBeLessThan(2_000);
    }
  });
});
