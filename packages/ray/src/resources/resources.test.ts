import { expect, expectTypeOf, test } from 'vitest';
import type {
  Job,
  JobStatus,
  Node,
  NodeState,
  ServeApplication,
  ServeApplicationStatus,
  StoppedJob,
  Task,
  TaskState,
} from '../index.js';
import { fieldOf } from './field-of.js';
import { stoppedJob } from './stopped-job.js';

/** The fields that a type names: an index signature would make it `string`. */
type FieldsOf<T> = keyof T;

test('a resource knows its fields, and a misspelt one does not compile', () => {
  const read = (job: Job, node: Node, task: Task, application: ServeApplication): unknown[] => [
    // @ts-expect-error: misspelt
    job.statuss,
    // @ts-expect-error: misspelt
    node.nodeId,
    // @ts-expect-error: misspelt
    task.task_log_infos,
    // @ts-expect-error: misspelt
    application.deployments?.main?.replica,
    // @ts-expect-error: misspelt
    application.deployments?.main?.replicas?.[0]?.log_file,
  ];
  expect(read).toBeTypeOf('function');
  expectTypeOf<'status' extends FieldsOf<Job> ? true : false>().toEqualTypeOf<true>();
  expectTypeOf<
    string extends FieldsOf<Job | Node | Task | ServeApplication> ? true : false
  >().toEqualTypeOf<false>();
  expectTypeOf<Job['driver_exit_code']>().toEqualTypeOf<number | null | undefined>();
  expectTypeOf<Task['start_time_ms']>().toEqualTypeOf<number | null | undefined>();
  expectTypeOf<Node['resources_total']>().toEqualTypeOf<Record<string, number> | undefined>();
});

test('states are open unions: known ones are offered, new ones compile', () => {
  expectTypeOf<Job['status']>().toEqualTypeOf<JobStatus>();
  expectTypeOf<Node['state']>().toEqualTypeOf<NodeState | undefined>();
  expectTypeOf<NodeState>().toEqualTypeOf<'ALIVE' | 'DEAD' | (string & {})>();
  expectTypeOf<Task['state']>().toEqualTypeOf<TaskState | undefined>();
  expectTypeOf<Extract<TaskState, 'RUNNING' | 'FINISHED' | 'NIL'>>().toEqualTypeOf<
    'RUNNING' | 'FINISHED' | 'NIL'
  >();
  expectTypeOf<ServeApplication['status']>().toEqualTypeOf<ServeApplicationStatus | undefined>();
  expectTypeOf<Extract<ServeApplicationStatus, 'RUNNING' | 'DELETING'>>().toEqualTypeOf<
    'RUNNING' | 'DELETING'
  >();
  const states: [JobStatus, NodeState, TaskState, ServeApplicationStatus] = ['A', 'NEW', 'STATE', 'OF_RAY'];
  expect(states).toHaveLength(4);
});

test('fieldOf reads a field that no type has, and nothing that the object only inherits', () => {
  const job: Job = { id: 'a', job_id: null, status: 'RUNNING', ...{ of_a_newer_ray: 1 } };
  expect(fieldOf(job, 'of_a_newer_ray')).toBe(1);
  expect(fieldOf(job, 'toString')).toBeUndefined();
  expectTypeOf(fieldOf).returns.toBeUnknown();
});

test.each([
  [{ stopped: true }, { stopped: true }],
  [{ stopped: false }, { stopped: false }],
  [{ status: 'stopping' }, { status: 'stopping', stopped: true }],
  [{ stopped: null }, { stopped: true }],
  [undefined, { stopped: true }],
  ['stopping', { stopped: true }],
])('the answer %j to a stop means %j', (answer, meant) => {
  expect(stoppedJob(answer)).toEqual(meant);
  expectTypeOf<StoppedJob['stopped']>().toEqualTypeOf<boolean>();
});
