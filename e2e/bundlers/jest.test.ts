import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { findNode20 } from '../runtimes/laboratory/tools.ts';
import { runCommand } from './laboratory/build.ts';
import { readmeCommand } from './laboratory/readme.ts';
import { EXPECTED, openScenario, type ScenarioGateway } from './laboratory/scenario.ts';

const project = inject('userProject');
let scenario: ScenarioGateway;

beforeAll(async () => {
  scenario = await openScenario();
});

afterAll(() => scenario?.close());

const jest = (command: string) =>
  runCommand(project, command, {
    SCENARIO: JSON.stringify(scenario.config),
    EXPECTED: JSON.stringify(EXPECTED),
  });

async function expectPassed(command: string): Promise<void> {
  const { stderr, code } = await jest(command);
  expect({ stderr, code }).toEqual({ stderr: expect.stringContaining('1 passed, 1 total'), code: 0 });
  // A second after the last test, Jest complains of what is still open.
  expect(stderr).not.toContain('did not exit');
}

describe('Jest 30 runs a test that', () => {
  const withFlag = readmeCommand('experimental-vm-modules');

  test.each([
    ['requires the packages, with the flag alone', `${withFlag} --config '{}' required`],
    ['imports the packages, with the flag alone', `${withFlag} --config '{}' imported`],
    ['requires the packages, by the transform', 'jest required'],
  ])('%s', (_name, command) => expectPassed(command));

  test('requires the packages, by the transform, on Node 20', async () => {
    const program = join(project, '..', 'node_modules', 'jest', 'bin', 'jest.js');
    await expectPassed(`${await findNode20()} ${program} required`);
  });
});
