import { AgentClient, ClientError } from '@raywire/agent';
import { DashboardClient } from '@raywire/dashboard';
import { runScenario } from './scenario.mjs';

export default {
  async fetch(request) {
    const config = await request.json();
    return Response.json(await runScenario({ AgentClient, ClientError, DashboardClient }, config));
  },
};
