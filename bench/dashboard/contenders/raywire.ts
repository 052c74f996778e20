// DashboardClient's tails. Arguments: <address> <lines> <lines of a first log> websocket|ranges lines|batches
import { DashboardClient, StreamLimits } from '@raywire/dashboard';
import { measure, type Read } from '../../contenders/measure.ts';

const [way, mode] = process.argv.slice(5);

await measure(async (address, jobId) => {
  const client = new DashboardClient({ address, streamLimits: StreamLimits.unlimited() });
  const tail = way === 'websocket' ? client.websocketTailJobLogs(jobId) : client.streamTailJobLogs(jobId);
  const read: Read = { lines: 0, characters: 0 };
  if (mode === 'batches') {
    for await (const batch of tail.batches()) {
      read.lines += batch.length;
      for (const line of batch) read.characters += line.length;
    }
  } else {
    for await (const line of tail) {
      read.lines += 1;
      read.characters += line.length;
    }
  }
  await client.close();
  return read;
});
