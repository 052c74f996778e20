import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as agent from '@raywire/agent';
import * as core from '@raywire/core';
import * as dashboard from '@raywire/dashboard';
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
import { DashboardClient, type GpuStatus } from '@raywire/dashboard';
import { createGateway, localDriver } from '@raywire/gateway';
import { type Job, type JobRun, type LogTail, type Node, type Listing, type RayClient, RayClientMixin, type RayClientOptions, type ServeApplication, type SubmittedJob, type Task } from '@raywire/ray';
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
/** What is not set in an environment may be passed on, also where \`undefined\` and absence are two things. */
export const gateway = createGateway({
  driver: localDriver({ directory: 'jobs', keepJobs: undefined }),
  token: process.env.GATEWAY_TOKEN,
  onEvent: undefined,
});
export const client = new AgentClient({ baseURL: gateway.url, agentToken: process.env.TOKEN, requester: undefined });

/** Passes for neither \`any\` nor another type. */
type Exactly<T, U> = (<X>() => X extends T ? 1 : 2) extends <X>() => X extends U ? 1 : 2 ? true : never;
export const results: readonly true[] = [
  true satisfies Exactly<ReturnType<MyClient['tailJobLogs']>, LogTail>,
  true satisfies Exactly<ReturnType<MyClient['listJobs']>, Promise<Listing<Job>>>,
  true satisfies Exactly<ReturnType<MyClient['runJob']>, JobRun>,
  true satisfies Exactly<ReturnType<MyClient['submitJob']>, Promise<SubmittedJob>>,
  true satisfies Exactly<ReturnType<MyAgentClient['listNodes']>, Promise<Listing<Node>>>,
  true satisfies Exactly<ReturnType<MyAgentClient['listTasks']>, Promise<Listing<Task>>>,
  true satisfies Exactly<ReturnType<MyAgentClient['listServeApplications']>, Promise<Listing<ServeApplication>>>,
  true satisfies Exactly<ReturnType<MyClient['countJobs']>, Promise<number>>,
  true satisfies Exactly<ReturnType<DashboardClient['getGpuStatus']>, Promise<GpuStatus>>,
];
`;

test('a third party’s mixin and a client of it keep every method, and compile with declarations, libraries checked', async () => {
  await project.write('consumer.ts', `${CONSUMER}export type Dashboard = DashboardClient;\n`);
  const strict = {
    skipLibCheck: false,
    exactOptionalPropertyTypes: true,
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

/** Under pnpm a user of a client has no other package to import them from. */
const VALUES = [
  'fieldOf',
  'isRaywireError',
  'Listing',
  'memoryTransport',
  'StreamLimits',
  'webSocketThenHttp',
];
const TYPES = [
  ...['BaseClientOptions', 'CallHooks', 'CallOptions', 'HttpRequester', 'LogTransport', 'TlsOptions'],
  ...['RequestEvent', 'ResponseEvent', 'RetryEvent', 'MemoryTransportOptions', 'StreamLimitsInit'],
  ...['FallbackStrategy', 'FixedTailOptions', 'HeartbeatOptions', 'JobLogsOptions', 'RayClientOptions'],
  ...['ReconnectOptions', 'RunJobOptions', 'RuntimeEnv', 'SubmitJobOptions', 'TailOptions', 'Token'],
  ...['WaitForJobOptions', 'ErrorCode', 'RaywireError', 'JobStatus', 'NodeState', 'TaskState'],
  ...['Job', 'JobRun', 'LogTail', 'Node', 'RayClient', 'ServeApplication', 'ServeApplicationStatus'],
  ...['ServeDeployment', 'ServeReplicaDetails', 'StoppedJob', 'SubmittedJob', 'TailCursor', 'TailEnd'],
  ...['TailEvent', 'Task', 'TaskLogInfo'],
];
const ROWS = ['Actor', 'Gpu', 'GpuStatus', 'Node', 'ObjectReference', 'PlacementGroup', 'Worker'];

test.each([
  ['agent', agent, ['AgentClientOptions', 'AgentBackendOptions']],
  [
    'dashboard',
    dashboard,
    [
      ...ROWS,
      'ActorState',
      'DashboardClientOptions',
      'RayVersion',
      'StateColumns',
      'StateFilter',
      'StateListOptions',
    ],
  ],
])('from @raywire/%s alone, every error, option and resource is imported by name', async (name, all, own) => {
  const exported: Record<string, unknown> = all;
  const errors = Object.entries(core).filter(([, value]) => Object.hasOwn(value, 'brand'));
  expect(errors.length).toBeGreaterThanOrEqual(20);
  expect(errors.filter(([error, Class]) => exported[error] !== Class)).toEqual([]);
  expect(VALUES.filter((value) => exported[value] === undefined)).toEqual([]);
  const names = new Set([...TYPES, ...own]);
  await project.write('names.ts', `export type { ${[...names].join(', ')} } from '@raywire/${name}';\n`);
  expect(await project.compile({ isolatedModules: true })).toEqual({ code: 0, output: '' });
});

test.each([
  ['ray/dist/ray-client.d.ts', 'export interface RayClient {', 20],
  ['dashboard/dist/dashboard-client.d.ts', 'export declare class DashboardClient ', 15],
  ['ray/dist/tail/log-tail.d.ts', 'export declare class LogTail ', 4],
  ['core/dist/client/base-client.d.ts', 'export declare class BaseClient ', 8],
  ['core/dist/errors/client-error.d.ts', 'export declare class ClientError ', 6],
  ['gateway/dist/gateway-options.d.ts', 'export interface GatewayOptions {', 10],
  ['gateway/dist/contracts/job-driver.d.ts', 'export interface JobDriver {', 8],
])('every member is documented in what is published: %s', (file, declaration, atLeast) => {
  const text = readFileSync(join(project.folder, 'node_modules/@raywire', file), 'utf8');
  const body = (text.split(declaration)[1] ?? '').split('\n}')[0] ?? '';
  const members = [...body.matchAll(/^ {4}(?:static |readonly |get )*(\w+)[?]?[(<:]/gm)];
  expect(members.length).toBeGreaterThanOrEqual(atLeast);
  const bare = members.filter(({ index }) => !body.slice(0, index).trimEnd().endsWith('*/'));
  const names = bare.map(([, name]) => name as string);
  // These say what they are by themselves.
  expect(names.filter((name) => !['contractVersion', 'constructor'].includes(name))).toEqual([]);
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
