// `pnpm bench:ray [--quick] [--json <file>] [--only latency|throughput|long|tasks]`: prints the tables of the README.
// `latency` starts a real Ray on free loopback ports, in the Python environment of the suite in e2e/ray.
import { writeFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { pythonEnvironment } from '../../e2e/ray/python-environment.ts';
import { startServer } from '../start-server.ts';
import { measureThroughput } from '../throughput.ts';
import { dashboardContenders } from './contenders.ts';
import { measureLatencies } from './latency.ts';
import { measureLongLog } from './long-log.ts';
import { type DashboardReport, markdownOf } from './report.ts';
import { measureTaskLists } from './task-lists.ts';

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    json: { type: 'string' },
    only: { type: 'string' },
  },
});
const { quick, only } = values;
const isChosen = (part: string): boolean => only === undefined || only === part;
const rounds = quick ? 3 : 9;
const lines = 1_000_000;
const warmUpLines = 100_000;

const report: DashboardReport = {
  date: new Date().toISOString().slice(0, 10),
  node: process.versions.node,
  processor: cpus()[0]?.model ?? 'unknown',
  cores: availableParallelism(),
  loadAtStart: loadavg()[0] ?? 0,
  lines,
  warmUpLines,
  rounds,
};
const python = join(await pythonEnvironment(), 'python');
const server = await startServer(`${import.meta.dirname}/server/ray-server.ts`);
try {
  const address = `${server.url}/ray`;
  if (isChosen('latency')) report.latencies = await measureLatencies({ seconds: quick ? 10 : 40 });
  if (isChosen('throughput')) {
    const options = { serverURL: server.url, lines, warmUpLines, rounds };
    report.throughput = await measureThroughput(dashboardContenders(python), options);
  }
  // 2 GB with the newlines.
  if (isChosen('long')) report.longLog = await measureLongLog(address, quick ? 2_000_000 : 20_000_000);
  if (isChosen('tasks')) report.taskLists = await measureTaskLists(address, quick ? 15 : 60);
} finally {
  server.close();
}
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(report, null, 2)}\n`);
console.log(markdownOf(report));
