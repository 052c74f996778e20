import { AgentClient, ClientError } from '@raywire/agent';
import { DashboardClient } from '@raywire/dashboard';
import { runScenario } from './scenario.mjs';

test('the scenario', async () => {
  const config = JSON.parse(process.env.SCENARIO);
  const report = await runScenario({ AgentClient, ClientError, DashboardClient }, config);
  expect(report).toEqual(JSON.parse(process.env.EXPECTED));
}, 30_000);
