import { moduleUnavailable } from '@raywire/core/internal';
import type { Agent, buildConnector } from 'undici';

/** What of undici is used here. */
interface UndiciParts {
  Agent: typeof Agent;
  buildConnector: typeof buildConnector;
}

interface Module<Value> {
  default: Value;
}

/**
 * Loads two files of undici: all of it, with `fetch` and more, takes 30 ms longer, in the first request of a process.
 * undici 7 has them at these places and does not promise to keep them there: where one is missing, all of it is loaded.
 *
 * @throws {TransportUnavailableError} where undici cannot be loaded, as in some bundles
 */
export async function loadUndici(): Promise<UndiciParts> {
  try {
    const [agent, connect]: [Module<typeof Agent>, Module<typeof buildConnector>] = await Promise.all([
      // @ts-expect-error It has no types.
      import('undici/lib/dispatcher/agent.js'),
      // @ts-expect-error It has no types.
      import('undici/lib/core/connect.js'),
    ]);
    return { Agent: agent.default, buildConnector: connect.default };
  } catch {
    return import('undici').catch((error: unknown) => {
      throw moduleUnavailable('undici', error);
    });
  }
}
