// Leaves its loops early, and never closes its client: nothing of that may keep a process alive.
import process from 'node:process';
import { AgentClient } from '@raywire/agent';

const { baseURL, agentToken } = JSON.parse(process.argv[2]);
const client = new AgentClient({ baseURL, agentToken });
const { job_id } = await client.submitJob({ entrypoint: 'echo one; sleep 60' });
for (const protocol of ['websocket', 'http']) {
  for await (const line of client.tailJobLogs(job_id, { protocol })) {
    process.stdout.write(`${line} by ${protocol}\n`);
    break;
  }
}
