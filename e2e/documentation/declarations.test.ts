import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ReaderProject } from './reader-project.ts';

let project: ReaderProject;

beforeEach(async () => {
  project = await ReaderProject.create();
});

afterEach(() => project.remove());

const CONSUMER = `
import { AgentClient } from '@raywire/agent';
import { BaseClient, type BaseClientOptions } from '@raywire/core';
import { DashboardClient } from '@raywire/dashboard';
import { createGateway, localDriver } from '@raywire/gateway';
import { type Job, type JobRun, type LogTail, type Node, type Page, type RayClient, RayClientMixin, type RayClientOptions, type ServeApplication, type SubmittedJob, type Task } from '@raywire/ray';
import { httpTransport } from '@raywire/transport-http';
import { webSocketTransport } from '@raywire/transport-ws';

/** A mixin of a third party, over the one of ray. */
export interface Counting {
  /** How many jobs there are. */
  countJobs(): Promise<number>;
}
type Constructor<T> = new (...args: any[]) => T;
export function CountingMixin<Base extends Constructor<Pick<RayClient, 'listJobs'>>>(base: Base): Base & Constructor<Counting> {
  return class extends base implements Counting {
    async countJobs(): Promise<number> {
      return (await this.listJobs()).items.length;
    }
  };
}
export class MyClient extends CountingMixin(RayClientMixin(BaseClient)) {
  constructor(options: BaseClientOptions & RayClientOptions) {
    super(options);
  }
}
export class MyAgentClient extends CountingMixin(AgentClient) {}
export const transports = [httpTransport(), webSocketTransport()];
export const gateway = createGateway({ driver: localDriver({ directory: 'jobs' }) });

/** Passes for neither \`any\` nor another type. */
type Exactly<T, U> = (<X>() => X extends T ? 1 : 2) extends <X>() => X extends U ? 1 : 2 ? true : never;
export const results: readonly true[] = [
  true satisfies Exactly<ReturnType<MyClient['tailJobLogs']>, LogTail>,
  true satisfies Exactly<ReturnType<MyClient['listJobs']>, Promise<Page<Job>>>,
  true satisfies Exactly<ReturnType<MyClient['runJob']>, JobRun>,
  true satisfies Exactly<ReturnType<MyClient['submitJob']>, Promise<SubmittedJob>>,
  true satisfies Exactly<ReturnType<MyAgentClient['listNodes']>, Promise<Page<Node>>>,
  true satisfies Exactly<ReturnType<MyAgentClient['listTasks']>, Promise<Page<Task>>>,
  true satisfies Exactly<ReturnType<MyAgentClient['listServeApplications']>, Promise<Page<ServeApplication>>>,
  true satisfies Exactly<ReturnType<MyClient['countJobs']>, Promise<number>>,
];
`;

test('a third party’s mixin and a client of it keep every method, and compile with declarations, libraries checked', async () => {
  await project.write('consumer.ts', `${CONSUMER}export type Dashboard = DashboardClient;\n`);
  const strict = {
    skipLibCheck: false,
    declaration: true,
    noEmit: false,
    emitDeclarationOnly: true,
    outDir: 'out',
  };
  expect(await project.compile(strict)).toEqual({ code: 0, output: '' });
  const declared = await readFile(join(project.folder, 'out', 'consumer.d.ts'), 'utf8');
  expect(declared).not.toMatch(/\bany\b(?!\[\])/);
  await project.write(
    'consumer.ts',
    "import { MyClient } from './out/consumer.js';\nexport const tail = (client: MyClient) => client.noSuchMethod();\n",
  );
  expect((await project.compile()).output).toContain("Property 'noSuchMethod' does not exist");
});

test('every method of a client is documented in what is published', () => {
  const file = join(project.folder, 'node_modules/@raywire/ray/dist/ray-client.d.ts');
  const body = readFileSync(file, 'utf8').split('export interface RayClient {')[1] ?? '';
  const members = [...body.matchAll(/^ {4}(\w+)[(:]/gm)];
  expect(members.length).toBeGreaterThan(20);
  const bare = members.filter(({ index }) => !body.slice(0, index).trimEnd().endsWith('*/'));
  expect(bare.map(([, name]) => name)).toEqual([]);
});

test('every class and function is called by the name that it is exported by', async () => {
  await project.write(
    'names.mjs',
    `for (const name of ['core', 'network', 'ray', 'transport-ws', 'transport-http', 'agent', 'dashboard', 'gateway'])
       for (const [key, value] of Object.entries(await import('@raywire/' + name)))
         if (typeof value === 'function' && value.name !== key) console.log(name, key, value.name);`,
  );
  expect(await project.run('node', ['names.mjs'])).toEqual({ code: 0, output: '' });
});
