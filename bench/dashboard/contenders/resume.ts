// Resumes at a cursor, in a client that has read nothing of that log. Arguments: <address> <times> <cursor>
import { DashboardClient, type TailCursor } from '@raywire/dashboard';

/** What the program prints: one line of JSON. In milliseconds, from the call. */
export interface Resumed {
  firstLine: number[];
  complete: number[];
}

const [address, times, given = ''] = process.argv.slice(2);
const cursor = JSON.parse(given) as TailCursor;
const resumed: Resumed = { firstLine: [], complete: [] };
for (let time = 0; time <= Number(times); time++) {
  const client = new DashboardClient({ address });
  const start = performance.now();
  let first = Number.NaN;
  const tail = client.tailJobLogs(cursor.jobId, { cursor });
  for await (const _line of tail) if (Number.isNaN(first)) first = performance.now() - start;
  const complete = performance.now() - start;
  const end = await tail.end;
  if (end.reason !== 'complete') throw new Error(`the tail ended as ${end.reason}`);
  await client.close();
  // The first one loads what is loaded at first use.
  if (time === 0) continue;
  resumed.firstLine.push(first);
  resumed.complete.push(complete);
}
process.stdout.write(`${JSON.stringify(resumed)}\n`);
