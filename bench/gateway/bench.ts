// `pnpm bench:gateway [options of ../options.ts]`: `@raywire/gateway` with its local driver, from jobs to readers.
import { benchOptions } from '../options.ts';
import { type Row, writeResults } from '../results.ts';
import { startServer } from '../start-server.ts';
import { contendersNamed, measureThroughput } from '../throughput.ts';
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

const { size, cold, reader, folder, isChosen } = benchOptions([
  ...['latency', 'viewers', 'throughput', 'tail-memory'],
]);
const { seconds, viewers, viewedLines, rate, lines, rounds, lengths, liveSeconds } = SIZES[size];

if (isChosen('latency')) {
  const rows = await measureLatencies({ seconds });
  const how = `From \`print\` to the reader's loop, ${(seconds * 1_000).toLocaleString('en')} lines, 1,000 a second`;
  writeResults('gateway-latency', { of: 'latency', how, rows }, folder);
}
if (isChosen('viewers')) {
  const rows: Row[] = [];
  for (const wire of ['websocket', 'sse'] as const) {
    const options: ViewersOptions = { wire, flags: [], viewers, lines: viewedLines, linesPerSecond: rate };
    rows.push(...(await measureManyViewers({ ...options, linesPerSecond: null })));
    rows.push(...(await measureManyViewers(options)));
    rows.push(...(await measureManyViewers({ ...options, flags: SMALL_YOUNG_GENERATION })));
  }
  const how = `${viewers.toLocaleString('en')} viewers of one job, each of which gets its ${viewedLines.toLocaleString('en')} lines`;
  writeResults('gateway-viewers', { of: 'many viewers', how, rows }, folder);
}
if (isChosen('throughput')) {
  const warmUpLines = cold ? 1_000 : lines / 4;
  const server = await startServer();
  const gateway = await BenchGateway.start();
  try {
    await gateway.runLines(lines);
    await gateway.runLines(warmUpLines);
    const contenders = contendersNamed(gatewayContenders(gateway.url), reader);
    const rows = await measureThroughput(contenders, { serverURL: server.url, lines, warmUpLines, rounds });
    const how =
      `${lines.toLocaleString('en')} lines of 100 B (after ${warmUpLines.toLocaleString('en')} in the same process; a quarter of both for the floors), ` +
      `median of ${rounds} rounds`;
    writeResults('gateway-throughput', { of: 'one reader of a gateway', how, rows }, folder);
  } finally {
    await gateway.close();
    server.close();
  }
}
if (isChosen('tail-memory')) {
  const rows = await measureTailMemory({ lengths, liveSeconds });
  const how = 'Peak RSS of one tail above the same client when it is idle after a short tail';
  writeResults('gateway-tail-memory', { of: 'memory of a tail', how, rows }, folder);
}
