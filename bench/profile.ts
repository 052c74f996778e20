// `node bench/profile.ts <row> [--lines <count>] [--kind mix|plain]`: where the time of a contender's warm read goes. Writes a
// CPU profile for Chrome's developer tools, and prints the functions with the most time of their own.
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { agentContenders } from './contenders.ts';
import { dashboardContenders } from './dashboard/contenders.ts';
import type { LineKind } from './lines/log-lines.ts';
import { runProgram } from './run-program.ts';
import { selfTimes } from './self-times.ts';
import { startServer } from './start-server.ts';
import { commandOf } from './throughput.ts';

const PRINTED = 25;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    lines: { type: 'string', default: '1000000' },
    kind: { type: 'string', default: 'mix' },
  },
});
const kind = values.kind as LineKind;
const lines = Number(values.lines);
const contenders = [...agentContenders({ kind }), ...dashboardContenders({ kind })];
const contender = contenders.find(({ name }) => name === positionals[0]);
if (contender === undefined)
  throw new RangeError(
    `no row ${positionals[0]}; there are:\n${contenders.map(({ name }) => name).join('\n')}`,
  );

const isRay = contender.server === 'ray';
using server = await startServer(
  kind,
  isRay ? `${import.meta.dirname}/dashboard/server/ray-server.ts` : undefined,
);
const file = join(tmpdir(), `${contender.name.replaceAll(/\W+/g, '-')}-${kind}.cpuprofile`);
const command = commandOf(contender, { serverURL: server.url, lines, warmUpLines: lines / 4 });
// measure.ts looks for it.
process.env.RAYWIRE_BENCH_PROFILE = file;
await runProgram(command);
const functions = selfTimes(JSON.parse(readFileSync(file, 'utf8')));
const total = functions.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
console.log(`${contender.name}: ${lines.toLocaleString('en')} lines in ${total.toFixed(0)} ms; ${file}\n`);
for (const { name, milliseconds } of functions.slice(0, PRINTED)) {
  const share = ((100 * milliseconds) / total).toFixed(1).padStart(5);
  const each = ((milliseconds * 1e6) / lines).toFixed(0).padStart(5);
  console.log(`${share} % ${each} ns a line  ${name}`);
}
