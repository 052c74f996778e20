import { type ApiClient, AuthorizationError } from '@raywire/core';

/**
 * Sends again what was refused for a token that is not good any more. Ray answers 401 only where there is no token,
 * and 403 to one that was rotated meanwhile; what it refused it has not done, so that a write may be sent again too.
 */
export async function withRenewedToken<T>(
  client: Pick<ApiClient, 'requestHeaders'>,
  send: () => Promise<T>,
): Promise<T> {
  const sent = JSON.stringify(await client.requestHeaders());
  try {
    return await send();
  } catch (error) {
    if (!AuthorizationError.isInstance(error)) throw error;
    // Somebody else may have asked for a new one already.
    const isNewer = JSON.stringify(await client.requestHeaders()) !== sent;
    if (!isNewer && JSON.stringify(await client.requestHeaders({ refresh: true })) === sent) throw error;
    return send();
  }
}
