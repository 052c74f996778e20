import { type OptionKind, secret } from '@raywire/core/internal';
import type { RayEndpoint, Token } from '@raywire/ray';
import { tokenSource } from '@raywire/ray/internal';
import { findRayToken } from '#ray-environment';

/** Which header carries the token: proxies in front of some clusters use `authorization` for themselves. */
export type TokenHeader = 'authorization' | 'x-ray-authorization';

/** What a token may be made of. */
export const TOKEN: OptionKind<string> = secret(
  'a non-empty string of visible ASCII characters without "Bearer"',
  /^[\x21-\x7e]+$/,
);

/**
 * Credentials of Ray's token mode: `Bearer <token>`. Without a token, that of the environment where there is one.
 *
 * @throws {InvalidArgumentError} when a token is not one, or that of the environment cannot be read
 */
export function dashboardAuthentication(
  token: Token | undefined,
  header: TokenHeader,
): NonNullable<RayEndpoint['authenticate']> {
  const source = tokenSource(token ?? findRayToken(), TOKEN, 'token');
  return async ({ refresh }) => {
    const given = await source(refresh);
    return given === undefined ? {} : { [header]: `Bearer ${given}` };
  };
}
