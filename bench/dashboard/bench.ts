// `pnpm bench:ray [options of ../options.ts]`: `@raywire/dashboard` beside Ray's own Python client.
// `latency` starts a real Ray on free loopback ports, in the Python environment of the suite in e2e/ray.
import { pythonEnvironment } from '../../e2e/ray/python-environment.ts';
import { benchOptions } from '../options.ts';
import { writeResults } from '../results.ts';
import { startServer } from '../start-server.ts';
import { contendersNamed, measureThroughput } from '../throughput.ts';
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
  tiny: { seconds: 1, silence: 1, silentJobs: 1, lines: 2_000, rounds: 1, longLines: 20_000, lists: 1 },
};

const { size, cold, reader, python, folder, isChosen } = benchOptions([
  ...['latency', 'throughput', 'long-log', 'task-lists'],
]);
const { lines, rounds, longLines, lists } = SIZES[size];
const warmUpLines = cold ? 1_000 : lines / 10;

if (isChosen('latency')) {
  if (!python) throw new Error('the latencies are those of a real Ray, which needs Python');
  const rows = await measureLatencies(SIZES[size]);
  const how = "From `print` to the reader, a real Ray; both clients read the same jobs' same lines at once";
  writeResults('ray-latency', { of: 'latency', how, rows }, folder);
}
const server = await startServer(`${import.meta.dirname}/server/ray-server.ts`);
try {
  const address = `${server.url}/ray`;
  if (isChosen('throughput')) {
    const contenders = dashboardContenders(python ? await pythonEnvironment() : undefined);
    const options = { serverURL: server.url, lines, warmUpLines, rounds };
    const rows = await measureThroughput(contendersNamed(contenders, reader), options);
    const how =
      `${lines.toLocaleString('en')} lines of 100 B (after ${warmUpLines.toLocaleString('en')} in the same process), ` +
      `median of ${rounds} rounds`;
    writeResults('ray-throughput', { of: 'reader', how, rows: [...rows, ...rangesInBytes(rows)] }, folder);
  }
  if (isChosen('long-log')) {
    const how = `A log of ${longLines.toLocaleString('en')} lines of 100 B by byte ranges`;
    const rows = await measureLongLog(address, longLines);
    writeResults('ray-long-log', { of: 'long log', how, rows }, folder);
  }
  if (isChosen('task-lists')) {
    const rows = await measureTaskLists(address, lists);
    writeResults(
      'ray-task-lists',
      { of: '10,000 tasks', how: 'Both in one process and in turn', rows },
      folder,
    );
  }
} finally {
  server.close();
}
