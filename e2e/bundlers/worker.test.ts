import { AgentClient } from '@raywire/agent';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { runProgram } from '../runtimes/laboratory/run-program.ts';
import { build } from './laboratory/build.ts';
import { EXPECTED, openScenario, type ScenarioGateway } from './laboratory/scenario.ts';

const project = inject('userProject');
let scenario: ScenarioGateway;

beforeAll(async () => {
  scenario = await openScenario();
});

afterAll(() => scenario?.close());

/** Bundles a Worker as wrangler does, and asks it once. */
async function ask(worker: string, path: string, ...body: string[]): Promise<string> {
  const conditions = '--conditions=workerd,worker,browser';
  await build(
    project,
    `esbuild ${worker}.mjs --bundle --format=esm ${conditions} --outfile=dist/${worker}.mjs`,
  );
  const { baseURL, agentToken } = scenario.config;
  const bindings = JSON.stringify({ GATEWAY_URL: baseURL, RAYWIRE_AGENT_TOKEN: agentToken });
  const args = ['ask-worker.mjs', `dist/${worker}.mjs`, bindings, path, ...body];
  const { stdout, stderr, code } = await runProgram(process.execPath, args, project);
  expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
  return stdout;
}

describe('a Worker in workerd', () => {
  test('lists jobs, tails by both wires, tells errors apart and closes', async () => {
    const [status, report] = (await ask('worker-scenario', '/', JSON.stringify(scenario.config))).split('\n');
    expect(status).toBe('200');
    expect(JSON.parse(report as string)).toEqual(EXPECTED);
  });

  test('relays a whole log as the README has it', async () => {
    await using client = new AgentClient({
      baseURL: scenario.config.baseURL,
      agentToken: scenario.config.agentToken,
    });
    const { job_id: jobId } = await client.submitJob({ entrypoint: "seq -f 'line %.0f' 1 1000" });
    const [status, ...lines] = (await ask('worker', `/${jobId}`)).trimEnd().split('\n');
    expect(status).toBe('200');
    expect([lines.length, lines[0], lines.at(-1)]).toEqual([1_000, 'line 1', 'line 1000']);
  });
});
