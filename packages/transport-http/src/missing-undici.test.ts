import { registerHooks } from 'node:module';
import { TransportUnavailableError } from '@raywire/core';
import { rejectionOf } from '@raywire/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { httpTransport, undiciRequester } from './index.js';

let hooks: { deregister(): void };

beforeEach(() => {
  hooks = registerHooks({
    resolve(specifier, context, nextResolve) {
      // vitest resolves the names of packages itself.
      if (/^undici|\/node_modules\/undici\//.test(specifier)) throw new Error("Cannot find package 'undici'");
      return nextResolve(specifier, context);
    },
  });
});

afterEach(() => hooks.deregister());

const request = {
  method: 'GET',
  url: 'http://127.0.0.1:1/',
  headers: {},
  signal: new AbortController().signal,
  connectTimeoutMs: 1_000,
  readTimeoutMs: 1_000,
};

test('without undici, requests say what is missing and the remedy, and close() has nothing to close', async () => {
  const requester = undiciRequester();
  const error = await rejectionOf(requester.request(request));
  expect(TransportUnavailableError.isInstance(error)).toBe(true);
  expect(error).toMatchObject({
    message: expect.stringMatching(/^undici cannot be loaded: Cannot find package 'undici'\. Install undici/),
  });
  await requester.close?.();
});

test('without undici, the transport says so, and closes', async () => {
  const transport = httpTransport();
  const error = await rejectionOf(transport.open(request));
  expect(error).toMatchObject({ code: 'TRANSPORT_UNAVAILABLE' });
  await transport.close?.();
});
