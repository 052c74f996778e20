import type { ApiClient } from '@raywire/core';
import { lookAt, withoutApiPath } from '@raywire/ray/internal';

/** Why a server is not a dashboard that this client is for, after a 404; `undefined`: it is one, or nobody knows. */
export async function lookForDashboard(api: ApiClient): Promise<string | undefined> {
  const { baseURL } = api;
  const version = (await lookAt(api, 'api/version'))?.ray_version;
  if (typeof version === 'string') {
    const isOld = Number.parseInt(version, 10) < 2;
    return isOld ? `${baseURL} is Ray ${version}, and DashboardClient needs Ray 2.0 or later.` : undefined;
  }
  const base = withoutApiPath(baseURL);
  if (base !== baseURL) {
    return `No Ray dashboard answers at ${baseURL}. Pass the address without its last path, ${base}, and for an agent use AgentClient of @raywire/agent.`;
  }
  // No dashboard has it, and all agents do.
  if ((await lookAt(api, 'health/')) === undefined) return undefined;
  return `${baseURL} is an agent or a Raywire gateway, and not a Ray dashboard: use AgentClient of @raywire/agent.`;
}
