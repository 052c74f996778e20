// `pnpm bench [options of options.ts]`: the tails of `@raywire/agent` beside floors and peers of the same run.
// Ratios are what counts; it never fails because a machine is slow.
import { agentContenders, type Contender, coldContenders } from './contenders.ts';
import { measureImportTime } from './import-time.ts';
import { describeLines, LINE_KINDS } from './lines/log-lines.ts';
import { measureMemory } from './memory.ts';
import { benchOptions } from './options.ts';
import { OtherBuild } from './other-build.ts';
import { writeResults } from './results.ts';
import { startServer } from './start-server.ts';
import { synapseSDKEnvironment } from './synapse-sdk.ts';
import { contendersNamed, measureThroughput, PART_OF } from './throughput.ts';

const SIZES = {
  // 10 million lines are 1 GB with the newlines.
  full: { lines: 400_000, warmUpLines: 100_000, rounds: 7, memoryLines: 10_000_000, imports: 25 },
  quick: { lines: 400_000, warmUpLines: 100_000, rounds: 3, memoryLines: 1_000_000, imports: 9 },
  tiny: { lines: 2_000, warmUpLines: 1_000, rounds: 1, memoryLines: 2_000, imports: 1 },
};

const { size, cold, reader, python, against, folder, isChosen, only } = benchOptions([
  ...['throughput', 'plain', 'cold', 'footprint'],
]);
const { lines, rounds, memoryLines, imports } = SIZES[size];
const warmUpLines = cold ? 0 : SIZES[size].warmUpLines;
const count = (number: number): string => number.toLocaleString('en');

using other = against === undefined ? undefined : OtherBuild.of(against);

/** Those to measure, with both builds where there are two. */
function chosen(contenders: Contender[]): Contender[] {
  return contendersNamed(other?.interleave(contenders) ?? contenders, reader);
}

for (const kind of LINE_KINDS) {
  if (!isChosen(PART_OF[kind])) continue;
  const contenders = chosen(
    agentContenders({ python: python ? await synapseSDKEnvironment() : undefined, kind }),
  );
  using server = await startServer(kind);
  const log = { serverURL: server.url, kind, lines, warmUpLines };
  const rows = await measureThroughput(contenders, { ...log, rounds });
  const how =
    `${count(lines)} ${describeLines(kind)} (after ${count(warmUpLines)} in the same process; ` +
    `a tenth and a half of both for the Python SDK, four times both for a gateway's WebSocket), median of ${rounds} rounds`;
  writeResults(`agent-${PART_OF[kind]}`, { of: 'reader', how, rows }, folder);
}
if (isChosen('cold')) {
  using server = await startServer('mix');
  const log = { serverURL: server.url, kind: 'mix', lines, warmUpLines: 0 } as const;
  const rows = await measureThroughput(chosen(coldContenders()), { ...log, rounds });
  const how =
    `${count(lines)} ${describeLines('mix')}, the first that their process reads, ` +
    `from the start of its program with all that it loads; median of ${rounds} rounds`;
  writeResults('agent-cold', { of: 'first read', how, rows }, folder);
}
if (isChosen('footprint')) {
  using server = await startServer('plain');
  const memory = await measureMemory({ serverURL: server.url, lines: memoryLines });
  const importTime = await measureImportTime(imports);
  const how = `Tails of ${count(memoryLines)} lines of 100 B, read by one who pauses now and then`;
  const table = { of: 'footprint', how, rows: [...memory, ...importTime] };
  const name = 'agent-footprint';
  writeResults(name, (await other?.beside(table, name, 'bench.ts', only('footprint'))) ?? table, folder);
}
