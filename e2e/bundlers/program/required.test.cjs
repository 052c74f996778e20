const { AgentClient, ClientError } = require('@raywire/agent');
const { DashboardClient } = require('@raywire/dashboard');
const { runScenario } = require('./scenario.mjs');

test('the scenario', async () => {
  const config = JSON.parse(process.env.SCENARIO);
  const report = await runScenario({ AgentClient, ClientError, DashboardClient }, config);
  expect(report).toEqual(JSON.parse(process.env.EXPECTED));
}, 30_000);
