import { InvalidArgumentError } from '@raywire/core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { httpToWebSocketUrl } from './http-to-web-socket-url.js';

test.each([
  ['http://h/jobs/x/logs/?offset=1&batch=1', 'ws://h/jobs/x/logs/?offset=1&batch=1'],
  ['https://h:8443/a%2Fb', 'wss://h:8443/a%2Fb'],
  ['http://[::1]:80/http://x', 'ws://[::1]/http://x'],
  ['HTTPS://H', 'wss://h/'],
])('%s becomes %s', (url, expected) => {
  expect(httpToWebSocketUrl(url)).toBe(expected);
});

test.each([
  'ws://h/',
  'ftp://h/',
  'ray://h:10001',
  'h:80',
  '',
  'http://',
  'http://u:hunter2@h/',
  'http://h/#hunter2',
  5,
  null,
])('%j is refused, and nothing of it is repeated', (url) => {
  const convert = (): unknown => httpToWebSocketUrl(url as string);
  expect(convert).toThrow(InvalidArgumentError);
  expect(convert).toThrow(/^(?!.*hunter2)/);
});

test('everything after the scheme stays as it is', () => {
  fc.assert(
    fc.property(fc.webUrl({ withQueryParameters: true }), (url) => {
      const expected = new URL(url).href.replace(/^http/, 'ws');
      expect(httpToWebSocketUrl(url)).toBe(expected);
      expect(new URL(expected).href).toBe(expected);
    }),
  );
});
