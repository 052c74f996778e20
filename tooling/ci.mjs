// All that a change must pass. `npm test` comes first and does the set-up, so this file runs on Node 20, without
// dependencies. A suite that fails does not stop the others. The last line adds up all tests.
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { root, run, setUp } from './bootstrap.mjs';

const results = join(root, 'node_modules', '.raywire-ci');

/** Counts by vitest's JSON report; `variables` are added to its environment. */
const vitest = (name, command, variables = {}) => ({
  name,
  command,
  variables,
  report: join(results, `${name}.json`),
});

/** Counts as one test. */
const check = (name, command) => ({ name, command });

/** A suite is one line. */
const suites = [
  vitest('test', ['npm', 'test', '--']),
  check('lint', ['npm', 'run', '--silent', 'lint']),
  check('types', ['npm', 'run', '--silent', 'types']),
  check('arrows', ['npm', 'run', '--silent', 'arrows']),
  check('knip', ['npm', 'run', '--silent', 'knip']),
  check('packed', ['npm', 'run', '--silent', 'packed']),
  check('size', ['npm', 'run', '--silent', 'size']),
  vitest('examples', ['npm', 'run', '--silent', 'examples', '--']),
  vitest('faults', ['npm', 'run', '--silent', 'test:faults', '--']),
  vitest('ray', ['npm', 'run', '--silent', 'test:ray', '--']),
  vitest('ray-older', ['npm', 'run', '--silent', 'test:ray', '--', 'tail.test.ts', 'client.test.ts'], {
    RAYWIRE_RAY_VERSION: '2.40.0',
  }),
  // After `ray`, which installs Ray's own client.
  vitest('bench', ['npm', 'run', '--silent', 'test:bench', '--']),
  vitest('bundlers', ['npm', 'run', '--silent', 'test:bundlers', '--']),
  vitest('runtimes', ['npm', 'run', '--silent', 'test:runtimes', '--']),
];

/**
 * Runs a suite; resolves to its counts. A suite that ran no test has failed.
 *
 * @param {{ command: string[], report?: string, variables?: NodeJS.ProcessEnv }} suite
 * @param {NodeJS.ProcessEnv} environment
 * @returns {Promise<{ passed: number, failed: number }>}
 */
export async function runSuite({ command, report, variables }, environment) {
  const reporters = report ? ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`] : [];
  const code = await run([...command, ...reporters], { ...environment, ...variables });
  const counts = report ? countsOf(report) : { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1 };
  const isBroken = counts.failed === 0 && (code !== 0 || counts.passed === 0);
  return { passed: counts.passed, failed: counts.failed + (isBroken ? 1 : 0) };
}

function countsOf(report) {
  try {
    const { numPassedTests, numFailedTests } = JSON.parse(readFileSync(report, 'utf8'));
    return { passed: numPassedTests, failed: numFailedTests };
  } catch (error) {
    console.error(`No report of the tests: ${error.message}`);
    return { passed: 0, failed: 0 };
  }
}

/** With the tools of the workspace on its PATH; where they are missing the suites fail, each by itself. */
function environmentAfterSetUp() {
  try {
    return setUp();
  } catch (error) {
    console.error(error.message);
    return process.env;
  }
}

async function main(only) {
  rmSync(results, { recursive: true, force: true });
  mkdirSync(results, { recursive: true });
  const chosen = suites.filter(({ name }) => only.length === 0 || only.includes(name));
  const total = { passed: 0, failed: 0 };
  const rows = [];
  for (const suite of chosen) {
    console.log(`\n=== ${suite.name}`);
    const start = performance.now();
    // `npm test` has to do its set-up by itself.
    const environment = suite.name === 'test' ? process.env : environmentAfterSetUp();
    const { passed, failed } = await runSuite(suite, environment);
    const seconds = ((performance.now() - start) / 1000).toFixed(1);
    rows.push(
      `${suite.name.padEnd(12)} ${seconds.padStart(6)} s  ${passed} ok${failed ? `, ${failed} NOT ok` : ''}`,
    );
    total.passed += passed;
    total.failed += failed;
  }
  console.log(`\n${rows.join('\n')}\n`);
  console.log(`${total.passed} passed, ${total.failed} failed`);
  process.exitCode = total.failed > 0 || total.passed === 0 ? 1 : 0;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main(process.argv.slice(2));
