// `pnpm bench [--quick] [--cold] [--json <file>] [--only <part of a name>]`: prints the tables of the README.
// `--cold` measures a process that has read 1,000 lines only.
// Ratios to floors of the same run are what counts; it never fails because a machine is slow.
import { writeFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { contenders } from './contenders.ts';
import { measureImportTime } from './import-time.ts';
import { measureMemory } from './memory.ts';
import { markdownOf, type Report } from './report.ts';
import { startServer } from './start-server.ts';
import { measureThroughput } from './throughput.ts';

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    cold: { type: 'boolean', default: false },
    json: { type: 'string' },
    only: { type: 'string' },
  },
});
const { quick, cold, only } = values;
const lines = 400_000;
const warmUpLines = cold ? 1_000 : 100_000;
const rounds = quick ? 3 : 7;
const loadAtStart = loadavg()[0] ?? 0;
const chosen = contenders.filter(
  ({ name }) =>
    only === undefined ||
    name.includes(only) ||
    contenders.some((other) => other.floor === name && other.name.includes(only)),
);

const server = await startServer();
try {
  const throughput = await measureThroughput(chosen, { serverURL: server.url, lines, warmUpLines, rounds });
  // 1 GB with the newlines.
  const memory = await measureMemory({ serverURL: server.url, lines: quick ? 1_000_000 : 10_000_000 });
  const importTime = await measureImportTime(quick ? 9 : 25);
  const report: Report = {
    date: new Date().toISOString().slice(0, 10),
    node: process.versions.node,
    processor: cpus()[0]?.model ?? 'unknown',
    cores: availableParallelism(),
    loadAtStart,
    lines,
    warmUpLines,
    rounds,
    throughput,
    memory,
    importTime,
  };
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(report, null, 2)}\n`);
  console.log(markdownOf(report));
} finally {
  server.close();
}
