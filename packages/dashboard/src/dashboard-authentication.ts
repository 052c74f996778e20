import { InvalidArgumentError } from '@raywire/core';
import { describeInput } from '@raywire/core/internal';
import type { RayEndpoint, Token } from '@raywire/ray';
import { findRayToken } from '#ray-environment';

/** Which header carries the token: proxies in front of some clusters use `authorization` for themselves. */
export type TokenHeader = 'authorization' | 'x-ray-authorization';

const TOKEN_HEADERS: readonly TokenHeader[] = ['authorization', 'x-ray-authorization'];

/**
 * Credentials of Ray's token mode: `Bearer <token>`. Without a token, that of the environment where there is one.
 *
 * @throws {InvalidArgumentError} when a token is not one, or the environment's cannot be read; for another header
 */
export function dashboardAuthentication(
  token: Token | undefined,
  header: TokenHeader,
): NonNullable<RayEndpoint['authenticate']> {
  if (!TOKEN_HEADERS.includes(header)) {
    throw new InvalidArgumentError({
      message: `tokenHeader must be 'authorization' or 'x-ray-authorization', but it is ${describeInput(header)}.`,
    });
  }
  const source = token === undefined ? findRayToken() : token;
  if (source === undefined) return () => ({});
  if (typeof source === 'string') {
    const headers = { [header]: `Bearer ${checkToken(source)}` };
    return () => headers;
  }
  if (typeof source !== 'function') throw invalidToken();
  let known: Promise<string> | undefined;
  return async ({ refresh }) => {
    if (known === undefined || refresh) {
      const asked = (async () => checkToken(await source()))();
      known = asked;
      // A failure is not remembered: the next request asks again.
      asked.catch(() => {
        if (known === asked) known = undefined;
      });
    }
    return { [header]: `Bearer ${await known}` };
  };
}

function checkToken(token: unknown): string {
  if (typeof token === 'string' && /^[\x21-\x7e]+$/.test(token)) return token;
  throw invalidToken();
}

// The value itself is a secret: it is not shown.
function invalidToken(): InvalidArgumentError {
  return new InvalidArgumentError({
    message:
      'token must be a non-empty string of visible ASCII characters without "Bearer", or a function that gives one.',
  });
}
