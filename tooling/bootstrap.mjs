// Does all the set-up that `npm start` and `npm test` need on a machine with only Node 20 and npm, then runs the task.
// It runs before anything is installed, so it is plain JavaScript without dependencies.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

const binaries = join(root, 'node_modules', '.bin');
const stampFile = join(root, 'node_modules', '.raywire-install');

/** What each task builds, and the command that it then runs. Further arguments are passed on. */
const tasks = {
  start: {
    build: ['--filter=@raywire/example-tail-a-job...'],
    command: ['node', 'examples/tail-a-job/tail-a-job.ts'],
  },
  test: { build: [], command: ['vitest', 'run'] },
};

class SetupError extends Error {}

/** Output of a tool, without the addresses of the machine's package registry. */
function withoutHosts(text) {
  return text.replace(/https?:\/\/[^\s"'<>]+/g, '<url>').trim();
}

/** Runs a tool of the set-up silently; its output is shown only when it fails. */
function runQuietly(what, command, args, environment) {
  const result = spawnSync(command, args, {
    cwd: root,
    env: environment,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    maxBuffer: 64 * 1024 * 1024,
  });
  if (result.status === 0) return;
  const output = withoutHosts(`${result.stdout ?? ''}\n${result.stderr ?? ''}`);
  const how = result.error ? result.error.message : `exit code ${result.status ?? result.signal}`;
  throw new SetupError(`${what} failed (${how})${output ? `:\n${output}` : ''}`);
}

/** The folder of the pnpm that package.json names: installed before, the machine's own, or installed now by npm. */
function pnpmFolder(version, environment) {
  const prefix = join(root, '.tools', `pnpm-${version}`);
  const folder = join(prefix, 'node_modules', '.bin');
  if (existsSync(join(folder, 'pnpm'))) return folder;
  // Corepack's `pnpm` would go and download one, and ask first: only a pnpm that stands already counts.
  const own = spawnSync('pnpm', ['--version'], {
    cwd: root,
    env: { ...environment, COREPACK_ENABLE_NETWORK: '0' },
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    timeout: 10_000,
  });
  if (own.status === 0 && own.stdout.trim() === version) return undefined;
  say(`installing pnpm ${version} …`);
  mkdirSync(prefix, { recursive: true });
  try {
    const npmArguments = [
      'install',
      '--prefix',
      prefix,
      '--no-save',
      '--no-package-lock',
      '--no-audit',
      '--no-fund',
    ];
    runQuietly('Installing pnpm with npm', 'npm', [...npmArguments, `pnpm@${version}`], environment);
  } catch (error) {
    rmSync(prefix, { recursive: true, force: true });
    throw error;
  }
  return folder;
}

/** Changes whenever an install could have another result. */
function installStamp() {
  const hash = createHash('sha256');
  const folders = ['.', ...subfolders('.'), ...['packages', 'examples'].flatMap(subfolders)];
  const manifests = folders.map((folder) => join(folder, 'package.json'));
  for (const file of ['pnpm-lock.yaml', 'pnpm-workspace.yaml', ...manifests.sort()]) {
    if (existsSync(join(root, file))) hash.update(`${file}\0`).update(readFileSync(join(root, file)));
  }
  return hash.digest('hex');
}

function subfolders(folder) {
  return readdirSync(join(root, folder), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== 'node_modules' && !entry.name.startsWith('.'))
    .map((entry) => join(folder, entry.name));
}

function install(environment) {
  const stamp = installStamp();
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) return;
  say('installing the dependencies …');
  // CI: pnpm asks nothing, and replaces a node_modules that does not fit.
  const pnpmEnvironment = { ...environment, CI: 'true' };
  runQuietly('Installing the dependencies', 'pnpm', ['install', '--frozen-lockfile'], pnpmEnvironment);
  writeFileSync(stampFile, stamp);
}

function build(filters, environment) {
  const args = ['run', 'build', '--output-logs=errors-only', ...filters];
  runQuietly('The build', join(binaries, 'turbo'), args, environment);
}

/**
 * Installs what is missing or has changed, builds what has changed, and resolves to the environment of a task: the
 * workspace's own Node and tools come first on its PATH. Throws a `SetupError` whose message says which step failed.
 */
export function setUp(filters = []) {
  if (Number(process.versions.node.split('.')[0]) < 20) {
    throw new SetupError(`Node 20 or later is needed; this is ${process.version}`);
  }
  const environment = { ...process.env, TURBO_TELEMETRY_DISABLED: '1', TURBO_NO_UPDATE_NOTIFIER: '1' };
  const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const folder = pnpmFolder(packageManager.replace('pnpm@', ''), environment);
  environment.PATH = [binaries, folder, process.env.PATH].filter(Boolean).join(delimiter);
  install(environment);
  build(filters, environment);
  return environment;
}

/** Runs a command in front of the user; resolves to its exit code, as a shell has it. */
export function run([command, ...args], environment) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: root, env: environment, stdio: 'inherit' });
    // A Ctrl-C reaches the child by the terminal; the others may come to this process alone.
    const ignore = () => {};
    const pass = (signal) => child.kill(signal);
    process.on('SIGINT', ignore).on('SIGTERM', pass).on('SIGHUP', pass);
    child.on('error', (error) => {
      say(`${command} cannot be run: ${error.message}`);
      resolve(127);
    });
    child.on('exit', (code, signal) => {
      process.off('SIGINT', ignore).off('SIGTERM', pass).off('SIGHUP', pass);
      resolve(code ?? 128 + constants.signals[signal]);
    });
  });
}

function say(message) {
  process.stderr.write(`raywire: ${message}\n`);
}

async function main([name, ...args]) {
  const task = tasks[name];
  if (!task) throw new SetupError(`unknown task ${name}; there are: ${Object.keys(tasks).join(', ')}`);
  const environment = setUp(task.build);
  process.exitCode = await run([...task.command, ...args], environment);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  main(process.argv.slice(2)).catch((error) => {
    process.stderr.write(`raywire: ${error instanceof SetupError ? error.message : error.stack}\n`);
    process.exitCode = 1;
  });
}
