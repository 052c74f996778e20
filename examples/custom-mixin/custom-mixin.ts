// A mixin of one's own, written as Raywire's RayClientMixin is: over the bare BaseClient, and over the whole client.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AgentClient } from '@raywire/agent';
import { BaseClient } from '@raywire/core';
import { createGateway, localDriver } from '@raywire/gateway';
import { JobStatisticsMixin } from './job-statistics.ts';

class StatisticsClient extends JobStatisticsMixin(BaseClient) {}
class AgentStatisticsClient extends JobStatisticsMixin(AgentClient) {}

const agentToken = crypto.randomUUID();
const directory = await mkdtemp(join(tmpdir(), 'raywire-custom-mixin-'));
const gateway = createGateway({ driver: localDriver({ directory }), token: agentToken, port: 0 });
await gateway.listen();

const whole = new AgentStatisticsClient({ baseURL: gateway.url, agentToken });
for (const entrypoint of ['true', 'true', 'false']) {
  const { job_id: jobId } = await whole.submitJob({ entrypoint });
  await whole.waitForJob(jobId);
}
const base = new StatisticsClient({
  baseURL: gateway.url,
  authenticate: () => ({ authorization: agentToken }),
});
for (const [name, client] of Object.entries({ 'base client': base, 'whole client': whole })) {
  const counts = await client.countJobsByStatus();
  console.log(`${name}: SUCCEEDED ${counts.get('SUCCEEDED')}, FAILED ${counts.get('FAILED')}`);
  await client.close();
}

await gateway.close();
await rm(directory, { recursive: true });
