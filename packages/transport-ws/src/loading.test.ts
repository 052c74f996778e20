import { createRequire } from 'node:module';
import { expect, test } from 'vitest';
import { webSocketTransport } from './index.js';

test('loads ws at the first open, not with the package', async () => {
  const loaded = (): boolean =>
    Object.keys(createRequire(import.meta.url).cache).some((path) =>
      /[\\/]node_modules[\\/]ws[\\/]/.test(path),
    );
  const transport = webSocketTransport();
  expect(loaded()).toBe(false);
  const opening = transport.open({
    url: 'nonsense',
    headers: {},
    signal: new AbortController().signal,
    connectTimeoutMs: 1_000,
  });
  await expect(opening).rejects.toThrow();
  expect(loaded()).toBe(true);
});
