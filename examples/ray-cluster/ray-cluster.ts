// A real Ray cluster, straight at its dashboard and through a gateway: `node ray-cluster.ts http://127.0.0.1:8265`.
// Without an address it looks where Ray's own clients look (RAY_API_SERVER_ADDRESS, RAY_ADDRESS, port 8265).
import { AgentClient } from '@raywire/agent';
import { DashboardClient } from '@raywire/dashboard';
import { createGateway, rayDriver } from '@raywire/gateway';

const address = process.argv[2];
const client = new DashboardClient({ address });
try {
  const { ray_version } = await client.getVersion();
  const nodes = await client.listNodes();
  console.log(
    `Ray ${ray_version}: ${nodes.items.filter((node) => node.alive).length} of ${nodes.length} nodes alive`,
  );

  // The folder travels with the job; its log comes while it runs.
  const run = client.runJob({ entrypoint: 'python hello_ray.py', workingDirectory: import.meta.dirname });
  for await (const line of run) if (line.startsWith('hello')) console.log(line);
  const job = await run.result;
  console.log(`straight: ${job.status}, exit code ${job.driver_exit_code}`);

  // The same log for thin clients and browsers, which need to reach the gateway only.
  const gateway = createGateway({ driver: rayDriver({ address }), token: crypto.randomUUID() });
  await gateway.listen();
  const viewer = new AgentClient({ baseURL: gateway.url, agentToken: gateway.token });
  try {
    const tail = viewer.tailJobLogs(job.submission_id ?? '');
    let hellos = 0;
    for await (const line of tail) if (line.startsWith('hello')) hellos++;
    const { reason, transport } = await tail.end;
    console.log(`through the gateway: ${hellos} hellos over ${transport}, ${reason}`);
  } finally {
    await viewer.close();
    await gateway.close();
  }
} finally {
  await client.close();
}
