// `pnpm bench:gateway [options of ../options.ts]`: `@raywire/gateway` with its local driver, from jobs to readers.
import { BLOCK_LINES, describeLines, LINE_KINDS } from '../lines/log-lines.ts';
import { benchOptions } from '../options.ts';
import { OtherBuild } from '../other-build.ts';
import { type Row, type Table, writeResults } from '../results.ts';
import { startServer } from '../start-server.ts';
import { contendersNamed, measureThroughput, PART_OF } from '../throughput.ts';
import { gatewayContenders } from './contenders.ts';
import { measureLatencies } from './latency.ts';
import { BenchGateway } from './start-gateway.ts';
import { measureTailMemory } from './tail-memory.ts';
import { measureManyViewers, type ViewersOptions } from './viewers.ts';

const SIZES = {
  full: {
    ...{ seconds: 20, viewers: 1_000, viewedLines: 10_000, rate: 1_200 },
    ...{ lines: 1_600_000, rounds: 7, lengths: [100_000, 1_000_000, 10_000_000], liveSeconds: 20 },
  },
  quick: {
    ...{ seconds: 5, viewers: 1_000, viewedLines: 5_000, rate: 1_200 },
    ...{ lines: 1_600_000, rounds: 3, lengths: [100_000, 1_000_000], liveSeconds: 5 },
  },
  tiny: {
    ...{ seconds: 1, viewers: 20, viewedLines: 500, rate: 1_200 },
    ...{ lines: 2_000, rounds: 1, lengths: [2_000], liveSeconds: 1 },
  },
};
/** V8's young generation doubles while a thousand handshakes pass through it: the flag shows what of the RSS it is. */
const SMALL_YOUNG_GENERATION = ['--max-semi-space-size=8'];

const { size, cold, reader, against, folder, isChosen, only } = benchOptions([
  ...['latency', 'viewers', 'throughput', 'plain', 'tail-memory'],
]);
const { seconds, viewers, viewedLines, rate, lines, rounds, lengths, liveSeconds } = SIZES[size];

using other = against === undefined ? undefined : OtherBuild.of(against);

async function write(part: string, table: Table): Promise<void> {
  const name = `gateway-${part}`;
  writeResults(name, (await other?.beside(table, name, 'gateway/bench.ts', only(part))) ?? table, folder);
}

if (isChosen('latency')) {
  const rows = await measureLatencies({ seconds });
  const how = `From \`print\` to the reader's loop, ${(seconds * 1_000).toLocaleString('en')} lines, 1,000 a second`;
  await write('latency', { of: 'latency', how, rows });
}
if (isChosen('viewers')) {
  const rows: Row[] = [];
  for (const wire of ['websocket', 'sse'] as const) {
    const options: ViewersOptions = {
      ...{ wire, kind: 'plain', flags: [], viewers, lines: viewedLines, linesPerSecond: rate },
    };
    rows.push(...(await measureManyViewers({ ...options, kind: 'mix', linesPerSecond: null })));
    rows.push(...(await measureManyViewers({ ...options, linesPerSecond: null })));
    rows.push(...(await measureManyViewers(options)));
    rows.push(...(await measureManyViewers({ ...options, flags: SMALL_YOUNG_GENERATION })));
  }
  const how = `${viewers.toLocaleString('en')} viewers of one job, each of which gets its ${viewedLines.toLocaleString('en')} lines`;
  await write('viewers', { of: 'many viewers', how, rows });
}
for (const kind of LINE_KINDS) {
  if (!isChosen(PART_OF[kind])) continue;
  const warmUpLines = cold ? 0 : lines / 4;
  using server = await startServer(kind);
  const gateways = [await BenchGateway.start()];
  if (other !== undefined) gateways.push(await BenchGateway.start({ build: other }));
  try {
    for (const gateway of gateways)
      for (const length of new Set([lines, warmUpLines, BLOCK_LINES]))
        if (length > 0) await gateway.runLines(kind, length);
    const [contenders = [], others] = gateways.map(({ url }) => gatewayContenders(url, kind));
    const rows = await measureThroughput(
      contendersNamed(other?.interleave(contenders, others) ?? contenders, reader),
      {
        ...{ serverURL: server.url, kind, lines, warmUpLines, rounds },
      },
    );
    const how =
      `${lines.toLocaleString('en')} ${describeLines(kind)} (after ${warmUpLines.toLocaleString('en')} in the same process; a quarter of both for the floors), ` +
      `median of ${rounds} rounds`;
    writeResults(`gateway-${PART_OF[kind]}`, { of: 'one reader of a gateway', how, rows }, folder);
  } finally {
    for (const gateway of gateways) await gateway.close();
  }
}
if (isChosen('tail-memory')) {
  const rows = await measureTailMemory({ lengths, liveSeconds });
  const how = 'Peak RSS of one tail above the same client when it is idle after a short tail';
  await write('tail-memory', { of: 'memory of a tail', how, rows });
}
