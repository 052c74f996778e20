import { DashboardClient, StreamLimits } from '@raywire/dashboard';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { RayCluster } from './ray-cluster.ts';
import { jobCommand } from './ray-suite.ts';

let cluster: RayCluster;
let client: DashboardClient;
let withoutAgents: DashboardClient;

beforeAll(async () => {
  cluster = await RayCluster.start({ maxStateRequests: 4 });
  const { address } = cluster;
  const streamLimits = StreamLimits.unlimited();
  client = new DashboardClient({ address, streamLimits });
  withoutAgents = new DashboardClient({ address, streamLimits, nodeAgents: false });
});

afterAll(async () => {
  await Promise.all([client.close(), withoutAgents.close()]);
  await cluster.stop();
});

it('holds no slot of the State API after 20 tails of a finished job, by all ways, read or abandoned', async () => {
  const { submission_id: jobId } = await client.submitJob({ entrypoint: jobCommand('lines.py', 20_000) });
  await client.waitForJob(jobId);
  for (let round = 0; round < 5; round++) {
    for (const open of [
      () => client.tailJobLogs(jobId),
      () => withoutAgents.streamTailJobLogs(jobId),
      () => withoutAgents.websocketTailJobLogs(jobId, { tailLines: 5 }),
      () => withoutAgents.streamTailJobLogs(jobId, { tailLines: 100 }),
    ]) {
      let lines = 0;
      for await (const _ of open()) {
        lines++;
        // Every other round leaves in the middle.
        if (round % 2 === 1 && lines === 3) break;
      }
      expect(lines).toBeGreaterThanOrEqual(3);
    }
  }
  for (let call = 0; call < 8; call++) expect((await client.listNodes()).length).toBe(1);
});
