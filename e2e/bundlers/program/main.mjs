import { AgentClient, ClientError } from '@raywire/agent';
import { DashboardClient } from '@raywire/dashboard';
import { runScenario } from './scenario.mjs';

const report = await runScenario({ AgentClient, ClientError, DashboardClient }, JSON.parse(process.argv[2]));
process.stdout.write(JSON.stringify(report));
