import type { ApiClient } from '@raywire/core';
import { lookAt, withoutApiPath } from '../server-look.js';

/** Why a server is not an agent, after a 404; `undefined`: it may well be one. */
export async function lookForAgent(api: ApiClient): Promise<string | undefined> {
  const { baseURL } = api;
  const base = withoutApiPath(baseURL);
  if (base !== baseURL) {
    // An agent may be behind such a path, too.
    if ((await lookAt(api, 'health/')) !== undefined) return undefined;
    return `No agent answers at ${baseURL}. Pass the base URL without its last path: ${base} with AgentClient for an agent, with DashboardClient of @raywire/dashboard for a Ray dashboard.`;
  }
  const version = (await lookAt(api, 'api/version'))?.ray_version;
  if (typeof version !== 'string') return undefined;
  return `${baseURL} is the dashboard of Ray ${version}, and not an agent: use DashboardClient of @raywire/dashboard.`;
}
