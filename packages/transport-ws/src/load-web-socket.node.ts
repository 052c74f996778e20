import { moduleUnavailable } from '@raywire/core/internal';
import type WebSocket from 'isomorphic-ws';

/**
 * Loads `ws` when it is needed, and not before: importing the package does not load it.
 *
 * @throws {TransportUnavailableError} where it cannot be loaded, as in some bundles
 */
export async function loadWebSocket(): Promise<typeof WebSocket> {
  try {
    return (await import('isomorphic-ws')).default;
  } catch (error) {
    throw moduleUnavailable('ws', error);
  }
}
