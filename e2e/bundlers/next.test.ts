import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { freePorts } from '@raywire/testing';
import { afterAll, beforeAll, expect, inject, onTestFinished, test } from 'vitest';
import { runCommand } from './laboratory/build.ts';
import { EXPECTED, openScenario, type ScenarioGateway } from './laboratory/scenario.ts';

const project = inject('userProject');
const app = join(project, 'next');
const quiet = { NEXT_TELEMETRY_DISABLED: '1' };
let scenario: ScenarioGateway;

beforeAll(async () => {
  scenario = await openScenario();
});

afterAll(() => scenario?.close());

/** Serves what was built, and ends with the test. */
async function serve(): Promise<string> {
  const port = String(await freePorts(1));
  // Not through the shell script of its name: the signal is for the server.
  const next = join(dirname(project), 'node_modules', 'next', 'dist', 'bin', 'next');
  const child: ChildProcess = spawn(process.execPath, [next, 'start', '-H', '127.0.0.1', '-p', port], {
    cwd: app,
    env: { ...process.env, ...quiet },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(async () => {
    child.kill();
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  });
  const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream });
  for await (const line of lines) if (line.includes('Ready')) break;
  return `http://127.0.0.1:${port}`;
}

test('a route of Next.js does all of the scenario', async () => {
  const { stderr, code } = await runCommand(app, 'next build', quiet);
  expect({ code, stderr }).toMatchObject({ code: 0 });
  const response = await fetch(`${await serve()}/job`, {
    method: 'POST',
    body: JSON.stringify(scenario.config),
  });
  expect(response.status).toBe(200);
  expect(await response.json()).toEqual(EXPECTED);
});
