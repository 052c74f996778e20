import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { dashboardAuthentication } from './dashboard-authentication.js';

let home: string;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'raywire-'));
  vi.stubEnv('HOME', home);
  vi.stubEnv('RAY_AUTH_TOKEN', '');
  vi.stubEnv('RAY_AUTH_TOKEN_PATH', '');
});

afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(home, { recursive: true });
});

describe('the token', () => {
  it('is none where there is none', async () => {
    expect(await dashboardAuthentication(undefined, 'authorization')({ refresh: false })).toEqual({});
  });

  it('is looked for where Ray looks, and the option wins', async () => {
    const file = join(home, 'token');
    writeFileSync(file, 'from-a-file\n');
    vi.stubEnv('RAY_AUTH_TOKEN_PATH', file);
    expect(await dashboardAuthentication(undefined, 'authorization')({ refresh: false })).toEqual({
      authorization: 'Bearer from-a-file',
    });
    vi.stubEnv('RAY_AUTH_TOKEN', 'from-the-environment');
    expect(await dashboardAuthentication(undefined, 'x-ray-authorization')({ refresh: false })).toEqual({
      'x-ray-authorization': 'Bearer from-the-environment',
    });
    expect(await dashboardAuthentication('given', 'authorization')({ refresh: false })).toEqual({
      authorization: 'Bearer given',
    });
  });

  it('in a file that cannot be read is an error, not no token', () => {
    vi.stubEnv('RAY_AUTH_TOKEN_PATH', join(home, 'nowhere'));
    expect(() => dashboardAuthentication(undefined, 'authorization')).toThrow(/RAY_AUTH_TOKEN_PATH/);
  });

  it('of a function is asked for once, and again when it is not good any more', async () => {
    let count = 0;
    const authenticate = dashboardAuthentication(() => `token-${++count}`, 'authorization');
    await Promise.all([authenticate({ refresh: false }), authenticate({ refresh: false })]);
    expect(await authenticate({ refresh: false })).toEqual({ authorization: 'Bearer token-1' });
    expect(await authenticate({ refresh: true })).toEqual({ authorization: 'Bearer token-2' });
    expect(await authenticate({ refresh: false })).toEqual({ authorization: 'Bearer token-2' });
  });

  it.each(['', 'two words', 'line\nend'])('%j is refused without being repeated', (token) => {
    expect(() => dashboardAuthentication(token, 'authorization')).toThrow(/^token must be/);
  });
});
