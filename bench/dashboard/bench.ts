// `pnpm bench:ray [options of ../options.ts]`: `@raywire/dashboard` beside Ray's own Python client.
// `latency` starts a real Ray on free loopback ports, in the Python environment of the suite in e2e/ray.
import { pythonEnvironment } from '../../e2e/ray/python-environment.ts';
import { describeLines, LINE_KINDS } from '../lines/log-lines.ts';
import { benchOptions } from '../options.ts';
import { OtherBuild } from '../other-build.ts';
import { type Table, writeResults } from '../results.ts';
import { startServer } from '../start-server.ts';
import { contendersNamed, measureThroughput, PART_OF } from '../throughput.ts';
import { dashboardContenders, rangesInBytes } from './contenders.ts';
import { measureLatencies } from './latency.ts';
import { measureLongLog } from './long-log.ts';
import { measureTaskLists } from './task-lists.ts';

const SIZES = {
  // 20 million lines are 2 GB with the newlines.
  full: {
    seconds: 40,
    silence: 30,
    silentJobs: 5,
    lines: 1_000_000,
    rounds: 9,
    longLines: 20_000_000,
    lists: 60,
  },
  quick: {
    seconds: 10,
    silence: 30,
    silentJobs: 5,
    lines: 1_000_000,
    rounds: 3,
    longLines: 2_000_000,
    lists: 15,
  },
  tiny: { seconds: 1, silence: 1, silentJobs: 1, lines: 20_000, rounds: 1, longLines: 20_000, lists: 1 },
};

const { size, cold, reader, python, against, folder, isChosen, only } = benchOptions([
  ...['latency', 'throughput', 'plain', 'long-log', 'task-lists'],
]);
const { lines, rounds, longLines, lists } = SIZES[size];
const warmUpLines = cold ? 0 : Math.max(10_000, lines / 10);
const program = `${import.meta.dirname}/server/ray-server.ts`;

using other = against === undefined ? undefined : OtherBuild.of(against);

async function write(part: string, table: Table): Promise<void> {
  const name = `ray-${part}`;
  writeResults(name, (await other?.beside(table, name, 'dashboard/bench.ts', only(part))) ?? table, folder);
}

if (isChosen('latency')) {
  if (!python) throw new Error('the latencies are those of a real Ray, which needs Python');
  const rows = await measureLatencies(SIZES[size]);
  const how = "From `print` to the reader, a real Ray; both clients read the same jobs' same lines at once";
  await write('latency', { of: 'latency', how, rows });
}
for (const kind of LINE_KINDS) {
  if (!isChosen(PART_OF[kind])) continue;
  const contenders = dashboardContenders({ python: python ? await pythonEnvironment() : undefined, kind });
  using server = await startServer(kind, program);
  const rows = await measureThroughput(contendersNamed(other?.interleave(contenders) ?? contenders, reader), {
    ...{ serverURL: server.url, kind, lines, warmUpLines, rounds },
  });
  const how =
    `${lines.toLocaleString('en')} ${describeLines(kind)} (after ${warmUpLines.toLocaleString('en')} in the same process), ` +
    `median of ${rounds} rounds`;
  const table = { of: 'reader', how, rows: [...rows, ...rangesInBytes(rows, kind)] };
  writeResults(`ray-${PART_OF[kind]}`, table, folder);
}
if (isChosen('long-log')) {
  using server = await startServer('plain', program);
  const how = `A log of ${longLines.toLocaleString('en')} lines of 100 B by byte ranges`;
  await write('long-log', {
    of: 'long log',
    how,
    rows: await measureLongLog(`${server.url}/ray`, longLines),
  });
}
if (isChosen('task-lists')) {
  using server = await startServer('plain', program);
  const rows = await measureTaskLists(`${server.url}/ray`, lists);
  await write('task-lists', { of: '10,000 tasks', how: 'Both in one process and in turn', rows });
}
