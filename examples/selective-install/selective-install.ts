// Installs core, network, ray and one transport alone, from packed tarballs into an empty project, and tails a job
// there: with transport-http there is no `ws` on disk, and with transport-ws no `undici`.
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createGateway, localDriver } from '@raywire/gateway';

const run = promisify(execFile);
const packages = join(import.meta.dirname, '..', '..', 'packages');
const agentToken = crypto.randomUUID();
const directory = await mkdtemp(join(tmpdir(), 'raywire-selective-install-'));
const gateway = createGateway({
  driver: localDriver({ directory: join(directory, 'jobs') }),
  token: agentToken,
  port: 0,
});
await gateway.listen();
try {
  await tailWith({ transport: 'transport-http', factory: 'httpTransport', without: ['ws', 'isomorphic-ws'] });
  await tailWith({ transport: 'transport-ws', factory: 'webSocketTransport', without: ['undici'] });
} finally {
  await gateway.close();
  await rm(directory, { recursive: true, force: true });
}

/** Throws when the install brings what it should not, or the job's log does not arrive. */
async function tailWith(choice: { transport: string; factory: string; without: string[] }): Promise<void> {
  const project = join(directory, choice.transport);
  await mkdir(project);
  await writeFile(
    join(project, 'package.json'),
    JSON.stringify({ name: 'empty', private: true, type: 'module' }),
  );
  for (const name of ['core', 'network', 'ray', choice.transport]) {
    await run('pnpm', ['pack', '--pack-destination', project], { cwd: join(packages, name) });
  }
  const tarballs = (await readdir(project))
    .filter((name) => name.endsWith('.tgz'))
    .map((name) => `./${name}`);
  await run('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts', ...tarballs], { cwd: project });
  const installed = await readdir(join(project, 'node_modules'));
  for (const name of choice.without) {
    if (installed.includes(name)) throw new Error(`${choice.transport} alone brought ${name}`);
  }
  await writeFile(join(project, 'tail.js'), program(choice));
  const environment = { ...process.env, BASE_URL: gateway.url, AGENT_TOKEN: agentToken };
  const { stdout } = await run('node', ['tail.js'], { cwd: project, env: environment });
  if (!stdout.startsWith('one\ntwo\ncomplete'))
    throw new Error(`${choice.transport} alone printed: ${stdout}`);
  console.log(
    `core, network, ray and ${choice.transport} alone, without ${choice.without.join(' and ')}: ${stdout.trim().split('\n').at(-1)}`,
  );
}

/** The program of the empty project. */
function program({ transport, factory }: { transport: string; factory: string }): string {
  return `
import { agentBackend, createRayClient } from '@raywire/ray';
import { ${factory} } from '@raywire/${transport}';

const { BASE_URL: baseURL, AGENT_TOKEN: agentToken } = process.env;
const client = createRayClient({ backend: agentBackend({ baseURL, agentToken }), transports: [${factory}()] });
const { job_id } = await client.submitJob({ entrypoint: 'echo one; sleep 0.3; echo two' });
const tail = client.tailJobLogs(job_id);
for await (const line of tail) console.log(line);
const end = await tail.end;
console.log(end.reason, end.lines, 'lines over', end.transport);
await client.close();
`;
}
