// Raywire's own tails. Arguments: <base URL> <lines> <lines of a first log> websocket|http lines|batches
import { AgentClient, StreamLimits } from '@raywire/agent';
import { measure } from './measure.ts';

const [wire, mode] = process.argv.slice(5);

await measure(async (baseURL, jobId, note) => {
  const client = new AgentClient({ baseURL, agentToken: 'bench', streamLimits: StreamLimits.unlimited() });
  const tail = wire === 'websocket' ? client.websocketTailJobLogs(jobId) : client.streamTailJobLogs(jobId);
  const read = { lines: 0, characters: 0 };
  if (mode === 'batches') {
    for await (const batch of tail.batches()) {
      read.lines += batch.length;
      for (const line of batch) {
        read.characters += line.length;
        note?.(line);
      }
    }
  } else {
    for await (const line of tail) {
      read.lines += 1;
      read.characters += line.length;
      note?.(line);
    }
  }
  await client.close();
  return read;
});
