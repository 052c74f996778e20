import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { runSuite } from './ci.mjs';

let directory: string;
let report: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'raywire-ci-'));
  report = join(directory, 'report.json');
});

afterEach(() => rmSync(directory, { recursive: true }));

/** A command that writes a report as vitest does, and exits. */
function reporting(counts: { numPassedTests: number; numFailedTests: number }, exitCode: number): string[] {
  const write = `require('fs').writeFileSync(${JSON.stringify(report)}, '${JSON.stringify(counts)}')`;
  return ['node', '-e', `${write}; process.exitCode = ${exitCode}`, '--'];
}

test('a check counts as one test, by its exit code', async () => {
  expect(await runSuite({ command: ['node', '-e', ''] }, process.env)).toEqual({ passed: 1, failed: 0 });
  const failing = { command: ['node', '-e', 'process.exitCode = 2'] };
  expect(await runSuite(failing, process.env)).toEqual({ passed: 0, failed: 1 });
});

test('a suite with a report counts the tests in it', async () => {
  const command = reporting({ numPassedTests: 7, numFailedTests: 2 }, 1);
  expect(await runSuite({ command, report }, process.env)).toEqual({ passed: 7, failed: 2 });
});

test('a suite that exits with an error though all of its tests passed has failed', async () => {
  const command = reporting({ numPassedTests: 7, numFailedTests: 0 }, 1);
  expect(await runSuite({ command, report }, process.env)).toEqual({ passed: 7, failed: 1 });
});

test('a suite that ran no test, or died before its report, has failed', async () => {
  const command = reporting({ numPassedTests: 0, numFailedTests: 0 }, 0);
  expect(await runSuite({ command, report }, process.env)).toEqual({ passed: 0, failed: 1 });
  const missing = { command: ['node', '-e', '', '--'], report: join(directory, 'none.json') };
  expect(await runSuite(missing, process.env)).toEqual({ passed: 0, failed: 1 });
});
