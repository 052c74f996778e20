const { AgentClient, ClientError } = require('@raywire/agent');
const { DashboardClient } = require('@raywire/dashboard');
const { runScenario } = require('./scenario.mjs');

runScenario({ AgentClient, ClientError, DashboardClient }, JSON.parse(process.argv[2])).then((report) =>
  process.stdout.write(JSON.stringify(report)),
);
