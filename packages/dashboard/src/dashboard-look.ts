import type { ApiClient } from '@raywire/core';
import { lookAt, withoutApiPath } from '@raywire/ray/internal';

/** Why a server is not a dashboard that this client knows, after a 404; `undefined`: it is one. */
export async function lookForDashboard(api: ApiClient): Promise<string | undefined> {
  const { baseURL } = api;
  const version = (await lookAt(api, 'api/version'))?.ray_version;
  if (typeof version === 'string') {
    const isOld = Number.parseInt(version, 10) < 2;
    return isOld ? `${baseURL} is Ray ${version}, and DashboardClient needs Ray 2.0 or later.` : undefined;
  }
  const base = withoutApiPath(baseURL);
  const remedy =
    base === baseURL
      ? 'For an agent or a Raywire gateway use AgentClient of @raywire/agent'
      : `Pass the address without its last path, ${base}, and for an agent use AgentClient of @raywire/agent`;
  return `No dashboard of Ray 2.0 or later answers at ${baseURL}. ${remedy}.`;
}
