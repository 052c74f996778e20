import { Agent, buildConnector } from 'undici';
import { expect, test } from 'vitest';
import { loadUndici } from './load-undici.node.js';

test('the files of undici that are loaded are there, and parts of it', async () => {
  // @ts-expect-error It has no types.
  expect((await import('undici/lib/dispatcher/agent.js')).default).toBe(Agent);
  // @ts-expect-error It has no types.
  expect((await import('undici/lib/core/connect.js')).default).toBe(buildConnector);
  expect(await loadUndici()).toEqual({ Agent, buildConnector });
});
