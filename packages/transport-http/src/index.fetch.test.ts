import { InvalidArgumentError } from '@raywire/core';
import { expect, test } from 'vitest';
import { httpTransport, undiciRequester } from './index.fetch.js';

test('fetch cannot be told whom to trust: tls is refused where it sends the requests', () => {
  for (const make of [httpTransport, undiciRequester]) {
    expect(() => make({ tls: {} })).toThrow(InvalidArgumentError);
    expect(() => make({ tls: {} })).toThrow(/works in Node only/);
  }
});
