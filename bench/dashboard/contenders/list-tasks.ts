// listTasks of 10,000 rows and the bare request in turn. Arguments: <address> <pairs>
import { DashboardClient } from '@raywire/dashboard';
import { request } from 'undici';

/** What the program prints: one line of JSON. In milliseconds, pair by pair. */
export interface TaskLists {
  bare: number[];
  listTasks: number[];
}

const ROWS = 10_000;
const WARM_UP_PAIRS = 5;

const [address, pairs] = process.argv.slice(2);
const client = new DashboardClient({ address });

async function bare(): Promise<number> {
  const { body } = await request(`${address}/api/v0/tasks?limit=${ROWS}&detail=0`);
  const answer = JSON.parse(await body.text()) as { data: { result: { result: unknown[] } } };
  return answer.data.result.result.length;
}

async function timeOf(list: () => Promise<number>): Promise<number> {
  const start = performance.now();
  const rows = await list();
  if (rows !== ROWS) throw new Error(`${rows} rows came`);
  return performance.now() - start;
}

const lists: TaskLists = { bare: [], listTasks: [] };
for (let pair = -WARM_UP_PAIRS; pair < Number(pairs); pair++) {
  const ours = async (): Promise<number> => (await client.listTasks()).items.length;
  // In turn, so that neither always finds the memory that the other left.
  const times: Record<string, number> = {};
  for (const name of pair % 2 === 0 ? ['bare', 'ours'] : ['ours', 'bare'])
    times[name] = await timeOf(name === 'bare' ? bare : ours);
  if (pair < 0) continue;
  lists.bare.push(times.bare as number);
  lists.listTasks.push(times.ours as number);
}
await client.close();
process.stdout.write(`${JSON.stringify(lists)}\n`);
