// The benches with a few lines and one round: nothing is said of speed, only that all of it still runs.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startServer, type TestServer } from '@raywire/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isPythonEnvironmentReady, pythonEnvironment } from '../e2e/ray/python-environment.ts';
import { agentContenders, type Contender } from './contenders.ts';
import { dashboardContenders } from './dashboard/contenders.ts';
import { gatewayContenders } from './gateway/contenders.ts';
import type { Results } from './results.ts';
import { runProgram } from './run-program.ts';
import { synapseSDKEnvironment } from './synapse-sdk.ts';

const folder = mkdtempSync(join(tmpdir(), 'raywire-bench-'));
let python: string;

beforeAll(async () => {
  python = await synapseSDKEnvironment();
});

afterAll(() => rmSync(folder, { recursive: true }));

function run(bench: string, ...options: string[]): Promise<string> {
  const program = `${import.meta.dirname}/${bench}`;
  return runProgram([process.execPath, program, '--tiny', '--results', folder, ...options], 110_000);
}

function resultsOf(name: string): Results {
  return JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8')) as Results;
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
    const throughput = resultsOf('agent-throughput');
    expectAll(throughput, agentContenders(python));
    expect(throughput).toMatchObject({ node: process.versions.node, machine: { cores: expect.any(Number) } });
    expect(printed).toContain('| Python SDK, websocket_tail_job_logs ');
    // Two wires, each with two settings of V8, above two kinds of client; and the import beside bare Node.
    expect(resultsOf('agent-footprint').rows).toHaveLength(2 * 2 * 2 + 2);
  });

  test('of the gateway', async () => {
    await run('gateway/bench.ts');
    // Two wires beside a file, each with two percentiles and the slowest line.
    expect(resultsOf('gateway-latency').rows).toHaveLength(3 * 3);
    // Two wires, three runs of each.
    expect(resultsOf('gateway-viewers').rows).toHaveLength(2 * 3 * 5);
    expectAll(resultsOf('gateway-throughput'), gatewayContenders(''));
    // Two wires: a log that is printed meanwhile, and one that has ended with two settings of V8.
    expect(resultsOf('gateway-tail-memory').rows).toHaveLength(2 * (1 + 2));
  });

  const isRayThere = isPythonEnvironmentReady();
  const beside = isRayThere
    ? "beside Ray's own"
    : "without Ray's own, which no other suite has installed yet";
  test(`of the dashboard client, ${beside}`, async () => {
    const parts = ['throughput', 'long-log', 'task-lists'];
    const options = isRayThere ? [] : ['--without-python'];
    await run('dashboard/bench.ts', '--only', parts.join(','), ...options);
    const contenders = isRayThere ? dashboardContenders(await pythonEnvironment()) : [];
    expectAll(resultsOf('ray-throughput'), contenders);
    for (const name of parts) expect(resultsOf(`ray-${name}`).rows.length).toBeGreaterThan(1);
  });

  test.runIf(isRayThere)('of latencies on a real Ray', async () => {
    await run('dashboard/bench.ts', '--only', 'latency');
    // Two kinds of job, two percentiles, two readers; and the requests of an idle tail.
    expect(resultsOf('ray-latency').rows).toHaveLength(2 * 2 * 2 + 1);
  });
});

describe('a contender fails when a line is missing', () => {
  let server: TestServer;

  beforeAll(async () => {
    server = await startServer((request, response) => {
      const line = `data: ${JSON.stringify({ type: 'log', message: 'x'.repeat(100) })}\n\n`;
      const complete = 'data: {"type":"complete"}\n\n';
      if (!request.url.endsWith('/logs/stream/')) response.writeHead(404).end();
      else response.writeHead(200, { 'content-type': 'text/event-stream' }).end(line + line + complete);
    });
  });

  afterAll(() => server.close());

  test.each(['http-floor.ts', 'raywire.ts', 'synapse_tail.py'])('%s', async (file) => {
    const { url } = server;
    const runtime = file.endsWith('.py') ? join(python, 'python') : process.execPath;
    const command = (lines: string): string[] => [
      ...[runtime, `${import.meta.dirname}/contenders/${file}`, url, lines, '2', 'http', 'lines'],
    ];
    expect(JSON.parse(await runProgram(command('2')))).toMatchObject({ lines: 2 });
    await expect(runProgram(command('3'))).rejects.toThrow('came of 3 lines');
  });
});
