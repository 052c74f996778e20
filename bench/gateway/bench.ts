// `pnpm bench:gateway [--quick] [--json <file>] [--only latency|viewers|throughput|memory]`: prints the tables of the
// README. Nothing fails because a machine is slow.
import { writeFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { startServer } from '../start-server.ts';
import { measureThroughput, type Throughput } from '../throughput.ts';
import { gatewayContenders } from './contenders.ts';
import { measureLatencies } from './latency.ts';
import { type GatewayReport, markdownOf } from './report.ts';
import { BenchGateway } from './start-gateway.ts';
import { measureTailMemory } from './tail-memory.ts';
import { type ManyViewers, measureManyViewers } from './viewers.ts';

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    json: { type: 'string' },
    only: { type: 'string' },
  },
});
const { quick, only } = values;
const isChosen = (part: string): boolean => only === undefined || only === part;

/** V8's young generation doubles while a thousand handshakes pass through it: the flag shows what of the RSS it is. */
const VIEWERS_FLAGS = [[], ['--max-semi-space-size=8']];

async function measureViewers(): Promise<ManyViewers[]> {
  const lines = quick ? 5_000 : 10_000;
  const results: ManyViewers[] = [];
  for (const wire of ['websocket', 'sse'] as const)
    for (const linesPerSecond of [null, 1_200])
      for (const flags of VIEWERS_FLAGS)
        results.push(await measureManyViewers({ wire, flags, viewers: 1_000, lines, linesPerSecond }));
  return results;
}

async function measureReaders(): Promise<Throughput[]> {
  const options = { lines: 400_000, warmUpLines: 100_000, rounds: quick ? 3 : 7 };
  const server = await startServer();
  const gateway = await BenchGateway.start();
  try {
    await gateway.runLines(options.lines);
    await gateway.runLines(options.warmUpLines);
    return await measureThroughput(gatewayContenders(gateway.url), { serverURL: server.url, ...options });
  } finally {
    await gateway.close();
    server.close();
  }
}

const report: GatewayReport = {
  date: new Date().toISOString().slice(0, 10),
  node: process.versions.node,
  processor: cpus()[0]?.model ?? 'unknown',
  cores: availableParallelism(),
  loadAtStart: loadavg()[0] ?? 0,
};
if (isChosen('latency')) report.latencies = await measureLatencies({ seconds: quick ? 5 : 20 });
if (isChosen('viewers')) report.viewers = await measureViewers();
if (isChosen('throughput')) report.throughput = await measureReaders();
if (isChosen('memory'))
  report.tailMemory = await measureTailMemory({
    lengths: quick ? [100_000, 1_000_000] : [100_000, 1_000_000, 10_000_000],
    liveSeconds: quick ? 5 : 20,
  });
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(report, null, 2)}\n`);
console.log(markdownOf(report));
