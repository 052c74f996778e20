// `pnpm bench [options of options.ts]`: the tails of `@raywire/agent` beside floors and peers of the same run.
// Ratios are what counts; it never fails because a machine is slow.
import { agentContenders } from './contenders.ts';
import { measureImportTime } from './import-time.ts';
import { measureMemory } from './memory.ts';
import { benchOptions } from './options.ts';
import { writeResults } from './results.ts';
import { startServer } from './start-server.ts';
import { synapseSDKEnvironment } from './synapse-sdk.ts';
import { contendersNamed, measureThroughput } from './throughput.ts';

const SIZES = {
  // 10 million lines are 1 GB with the newlines.
  full: { lines: 400_000, warmUpLines: 100_000, rounds: 7, memoryLines: 10_000_000, imports: 25 },
  quick: { lines: 400_000, warmUpLines: 100_000, rounds: 3, memoryLines: 1_000_000, imports: 9 },
  tiny: { lines: 2_000, warmUpLines: 1_000, rounds: 1, memoryLines: 2_000, imports: 1 },
};

const { size, cold, reader, python, folder, isChosen } = benchOptions(['throughput', 'footprint']);
const { lines, rounds, memoryLines, imports } = SIZES[size];
const warmUpLines = cold ? 1_000 : SIZES[size].warmUpLines;

const server = await startServer();
try {
  if (isChosen('throughput')) {
    const bin = python ? await synapseSDKEnvironment() : undefined;
    const contenders = contendersNamed(agentContenders(bin), reader);
    const rows = await measureThroughput(contenders, { serverURL: server.url, lines, warmUpLines, rounds });
    const how =
      `${lines.toLocaleString('en')} lines of 100 B (after ${warmUpLines.toLocaleString('en')} in the same process; ` +
      `a tenth and a half of both for the Python SDK, four times both for a gateway's WebSocket), median of ${rounds} rounds`;
    writeResults('agent-throughput', { of: 'reader', how, rows }, folder);
  }
  if (isChosen('footprint')) {
    const memory = await measureMemory({ serverURL: server.url, lines: memoryLines });
    const importTime = await measureImportTime(imports);
    const how = `Tails of ${memoryLines.toLocaleString('en')} lines, read by one who pauses now and then`;
    writeResults('agent-footprint', { of: 'footprint', how, rows: [...memory, ...importTime] }, folder);
  }
} finally {
  server.close();
}
