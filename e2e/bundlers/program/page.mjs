import { AgentClient, ClientError } from '@raywire/agent';
import { DashboardClient } from '@raywire/dashboard';
import { runScenario } from './scenario.mjs';
import { send } from './send.mjs';

send((config) => runScenario({ AgentClient, ClientError, DashboardClient }, config));
