import { type ApiClient, type CallOptions, HTTPError } from '@raywire/core';

/** What an agent says it can do beyond the common protocol; an old agent says nothing, and can none of it. */
export type AgentCapability =
  | 'resume'
  | 'batch'
  | 'submit'
  | 'delete'
  | 'tickets'
  | 'follow'
  | 'bytes'
  | 'paging'
  | 'upload';

/** Asks `health/` once for each client, and remembers the answer; what may change by itself is not remembered. */
export class AgentCapabilities {
  readonly #known = new WeakMap<ApiClient, ReadonlySet<string>>();

  /**
   * Callers that come before the first answer ask each for themselves: the abort or the time-out of one is its own.
   *
   * @throws {ClientError} when the agent cannot be reached, wants other credentials, or is not well at the moment
   */
  async of(api: ApiClient, options: CallOptions): Promise<ReadonlySet<string>> {
    const known = this.#known.get(api);
    if (known !== undefined) return known;
    try {
      const { data } = await api.request<{ capabilities?: unknown }>({ path: 'health/', ...options });
      const told = new Set(Array.isArray(data?.capabilities) ? (data.capabilities as string[]) : []);
      this.#known.set(api, told);
      return told;
    } catch (error) {
      // A server without this route is an old agent, for now: a proxy whose gateway is starting says so too.
      const status = HTTPError.isInstance(error) ? error.statusCode : undefined;
      if (status !== undefined && status < 500 && !PASSING.has(status)) return new Set();
      throw error;
    }
  }
}

/** Refusals that say nothing of the route. */
const PASSING = new Set([401, 408, 429]);
