import { createRequire } from 'node:module';
import { expect, test } from 'vitest';
import { httpTransport } from './index.js';

test('loads undici at the first open, not with the package', async () => {
  const loaded = (): boolean =>
    Object.keys(createRequire(import.meta.url).cache).some((path) =>
      /[\\/]node_modules[\\/]undici[\\/]/.test(path),
    );
  const transport = httpTransport();
  expect(loaded()).toBe(false);
  const opening = transport.open({
    url: 'nonsense',
    headers: {},
    signal: new AbortController().signal,
    connectTimeoutMs: 1_000,
  });
  await expect(opening).rejects.toThrow();
  expect(loaded()).toBe(true);
  await transport.close?.();
});
