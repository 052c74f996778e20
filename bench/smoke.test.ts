// The benches with a few lines and one round: nothing is said of speed, only that all of it still runs.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { startServer, type TestServer } from '@raywire/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isPythonEnvironmentReady, pythonEnvironment } from '../e2e/ray/python-environment.ts';
import { agentContenders, type Contender, coldContenders } from './contenders.ts';
import { dashboardContenders } from './dashboard/contenders.ts';
import { gatewayContenders } from './gateway/contenders.ts';
import { LINE_KINDS, type LineKind } from './lines/log-lines.ts';
import { plainLines } from './lines/plain-lines.ts';
import type { Results, Row } from './results.ts';
import { runProgram } from './run-program.ts';
import { synapseSDKEnvironment } from './synapse-sdk.ts';
import { measureThroughput, PART_OF } from './throughput.ts';

const ROOT = dirname(import.meta.dirname);
const folder = mkdtempSync(join(tmpdir(), 'raywire-bench-'));
let python: string;

beforeAll(async () => {
  python = await synapseSDKEnvironment();
});

afterAll(() => rmSync(folder, { recursive: true }));

function run(bench: string, ...options: string[]): Promise<string> {
  const program = `${import.meta.dirname}/${bench}`;
  return runProgram([process.execPath, program, '--tiny', '--results', folder, ...options], 230_000);
}

function resultsOf(name: string): Results {
  return JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8')) as Results;
}

/** The throughput of some readers, on each kind of line. */
function expectThroughput(of: string, contenders: (kind: LineKind) => Contender[]): void {
  for (const kind of LINE_KINDS) expectAll(resultsOf(`${of}-${PART_OF[kind]}`), contenders(kind));
}

/** Each contender beside each that it is compared with. */
function expectAll({ rows }: Results, contenders: Contender[]): void {
  const expected = contenders.flatMap(({ name, beside = [{ name: '' }] }) =>
    beside.map((other) => `${name} beside ${other.name}`),
  );
  expect(rows.map(({ name, floor = '' }) => `${name} beside ${floor}`)).toEqual(
    expect.arrayContaining(expected),
  );
  for (const { value, floor, ratio = 0, target, ok } of rows) {
    expect(value).toBeGreaterThan(0);
    if (floor !== undefined) expect(ratio).toBeGreaterThan(0);
    expect(typeof ok).toBe(target === undefined ? 'undefined' : 'boolean');
  }
}

describe.concurrent('each bench runs', () => {
  test('of the agent client, beside the Python SDK', async () => {
    const printed = await run('bench.ts');
    expectThroughput('agent', (kind) => agentContenders({ python, kind }));
    expectAll(resultsOf('agent-cold'), coldContenders());
    expect(resultsOf('agent-throughput')).toMatchObject({
      ...{ node: process.versions.node, machine: { cores: expect.any(Number) } },
    });
    expect(printed).toContain('| Python SDK, websocket_tail_job_logs ');
    // Two wires, each with two settings of V8: by hand, and Raywire's as it is and beside that; and the import beside
    // bare Node.
    expect(resultsOf('agent-footprint').rows).toHaveLength(2 * 2 * 3 + 2);
  });

  test('of two builds side by side', async () => {
    const results = join(folder, 'two-builds');
    const printed = await run(
      'bench.ts',
      '--only',
      'cold,footprint',
      '--against',
      ROOT,
      '--results',
      results,
    );
    const { rows } = JSON.parse(readFileSync(join(results, 'agent-cold.json'), 'utf8')) as Results;
    const ours = coldContenders().filter(({ by }) => by === 'raywire');
    expect(rows.filter(({ name, floor }) => floor?.startsWith(`${name}, at `))).toHaveLength(ours.length);
    expect(printed).toMatch(/\| import of `@raywire\/agent`, above bare Node, at \S+ +\|/);
  });

  test('of a profile', async () => {
    const program = `${import.meta.dirname}/profile.ts`;
    const options = ['streamTailJobLogs, for await', '--lines', '2000'];
    expect(await runProgram([process.execPath, program, ...options])).toMatch(/ % +\d+ ns a line {2}\S+ /);
  });

  test('of the gateway', async () => {
    await run('gateway/bench.ts');
    // Two wires beside a file, each with two percentiles and the slowest line.
    expect(resultsOf('gateway-latency').rows).toHaveLength(3 * 3);
    // Two wires, four runs of each.
    expect(resultsOf('gateway-viewers').rows).toHaveLength(2 * 4 * 5);
    expectThroughput('gateway', (kind) => gatewayContenders('', kind));
    // Two wires: a log that is printed meanwhile, and one that has ended with two settings of V8.
    expect(resultsOf('gateway-tail-memory').rows).toHaveLength(2 * (1 + 2));
  });

  const isRayThere = isPythonEnvironmentReady();
  const beside = isRayThere
    ? "beside Ray's own"
    : "without Ray's own, which no other suite has installed yet";
  test(`of the dashboard client, ${beside}`, async () => {
    const parts = ['throughput', 'plain', 'long-log', 'task-lists'];
    const options = isRayThere ? [] : ['--without-python'];
    await run('dashboard/bench.ts', '--only', parts.join(','), ...options);
    const bin = isRayThere ? await pythonEnvironment() : undefined;
    expectThroughput('ray', (kind) => (isRayThere ? dashboardContenders({ python: bin, kind }) : []));
    for (const name of parts) expect(resultsOf(`ray-${name}`).rows.length).toBeGreaterThan(1);
  });

  test.runIf(isRayThere)('of latencies on a real Ray', async () => {
    await run('dashboard/bench.ts', '--only', 'latency');
    // Two kinds of job, two percentiles, two readers; and the requests of an idle tail.
    expect(resultsOf('ray-latency').rows).toHaveLength(2 * 2 * 2 + 1);
  });
});

describe('a contender that does not get every line as it is fails the bench', () => {
  let server: TestServer;
  /** What the server does to the lines of a log. */
  let spoil: (lines: string[]) => string[];

  beforeAll(async () => {
    server = await startServer((request, response) => {
      const count = Number(/lines-(\d+)\/logs\/stream\/$/.exec(request.url)?.[1]);
      if (Number.isNaN(count)) {
        response.writeHead(404).end();
        return;
      }
      const events = spoil(plainLines(10_000).slice(0, count)).map((message) => ({ type: 'log', message }));
      const texts = [...events, { type: 'complete' }].map((event) => `data: ${JSON.stringify(event)}\n\n`);
      response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' }).end(texts.join(''));
    });
  });

  afterAll(() => server.close());

  const readers = [
    'undici + split + JSON.parse, by hand',
    'streamTailJobLogs, for await',
    'Python SDK, stream_tail_job_logs',
  ];
  test.each(readers)('%s', async (name) => {
    const contenders = agentContenders({ python, kind: 'plain' }).filter(
      (contender) => contender.name === name,
    );
    const read = (): Promise<Row[]> =>
      measureThroughput(contenders, {
        serverURL: server.url,
        kind: 'plain',
        lines: 4,
        warmUpLines: 2,
        rounds: 1,
      });
    spoil = (lines) => lines;
    expect(await read()).toMatchObject([{ name, unit: 'lines/s' }]);
    spoil = (lines) => lines.slice(1);
    await expect(read()).rejects.toThrow(/ as the lines of \d lines/);
    spoil = (lines) => lines.with(-1, `${lines.at(-1)}x`);
    await expect(read()).rejects.toThrow(/ as the (characters|codePoints) of \d lines/);
    spoil = (lines) => lines.toReversed();
    await expect(read()).rejects.toThrow(/ as the digest of \d lines/);
  });
});
