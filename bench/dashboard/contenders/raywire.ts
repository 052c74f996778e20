// DashboardClient's tails. Arguments: <address> <lines> <lines of a first log> websocket|ranges lines|batches
// [<lines delivered of each 10,000>]
// With the last one it leaves at the last line: Ray's own client believes the close of the WebSocket, and reads nothing again.
import { DashboardClient, StreamLimits } from '@raywire/dashboard';
import { measure } from '../../contenders/measure.ts';

const [way, mode, delivered] = process.argv.slice(5);

await measure(async (address, jobId, note) => {
  const client = new DashboardClient({ address, streamLimits: StreamLimits.unlimited() });
  const tail = way === 'websocket' ? client.websocketTailJobLogs(jobId) : client.streamTailJobLogs(jobId);
  const printed = Number(jobId.slice('lines-'.length));
  const last = delivered === undefined ? undefined : (printed / 10_000) * Number(delivered);
  const read = { lines: 0, characters: 0 };
  if (mode === 'batches') {
    for await (const batch of tail.batches()) {
      read.lines += batch.length;
      for (const line of batch) {
        read.characters += line.length;
        note?.(line);
      }
      if (read.lines === last) break;
    }
  } else {
    for await (const line of tail) {
      read.lines += 1;
      read.characters += line.length;
      note?.(line);
      if (read.lines === last) break;
    }
  }
  await client.close();
  return read;
});
