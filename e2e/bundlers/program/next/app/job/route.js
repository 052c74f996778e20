import { AgentClient, ClientError } from '@raywire/agent';
import { DashboardClient } from '@raywire/dashboard';
import { runScenario } from '../../../scenario.mjs';

export async function POST(request) {
  const config = await request.json();
  return Response.json(await runScenario({ AgentClient, ClientError, DashboardClient }, config));
}
