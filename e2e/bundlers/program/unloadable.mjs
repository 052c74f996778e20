import { AgentClient } from '@raywire/agent';

const { baseURL, agentToken } = JSON.parse(process.argv[2]);
const errors = [];
const retries = [];
const note = ({ name, code, message }) => errors.push({ name, code, message });
const onEvent = (event) => event.type === 'reconnect' && retries.push(event);
const client = new AgentClient({ baseURL, agentToken, onRetry: (event) => void retries.push(event) });
await client.listJobs().catch(note);
for (const protocol of ['auto', 'websocket', 'http']) {
  try {
    for await (const line of client.tailJobLogs('job', { protocol, onEvent })) console.log(line);
  } catch (error) {
    note(error);
  }
}
await client.close();
process.stdout.write(JSON.stringify({ errors, retries: retries.length }));
