import { registerHooks } from 'node:module';
import { TransportUnavailableError } from '@raywire/core';
import { rejectionOf } from '@raywire/testing';
import { expect, onTestFinished, test } from 'vitest';
import { webSocketTransport } from './index.js';

test('without ws, opening says what is missing, and the remedy', async () => {
  const hooks = registerHooks({
    resolve(specifier, context, nextResolve) {
      // vitest resolves the names of packages itself.
      if (/\/node_modules\/isomorphic-ws\//.test(specifier)) throw new Error("Cannot find package 'ws'");
      return nextResolve(specifier, context);
    },
  });
  onTestFinished(() => hooks.deregister());
  const opening = webSocketTransport().open({
    url: 'ws://127.0.0.1:1/',
    headers: {},
    signal: new AbortController().signal,
    connectTimeoutMs: 1_000,
  });
  const error = await rejectionOf(opening);
  expect(TransportUnavailableError.isInstance(error)).toBe(true);
  expect(error).toMatchObject({
    message: expect.stringMatching(/^ws cannot be loaded: Cannot find package 'ws'\. Install ws/),
  });
});
