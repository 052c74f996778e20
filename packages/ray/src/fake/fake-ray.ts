import { type BaseClient, type HttpRequester, UnsupportedByServerError } from '@raywire/core';
import { createRayClient } from '../create-ray-client.js';
import type { RayClient } from '../ray-client.js';
import type { RayClientOptions } from '../ray-client-options.js';
import type { SubmitJobOptions } from '../resources/job-submission.js';
import type { Node } from '../resources/node.js';
import type { ServeApplication } from '../resources/serve-application.js';
import type { Task } from '../resources/task.js';
import { FakeJob, type FakeJobEnd, type FakeJobInit } from './fake-job.js';
import { fakeLogSources, fakeTransports } from './fake-logs.js';
import { type FakeCluster, fakeOperations, findJob } from './fake-operations.js';

/** What is on the cluster of a test. */
export interface FakeRayOptions extends Pick<RayClientOptions, 'streamLimits'> {
  /** By their IDs. */
  jobs?: Readonly<Record<string, FakeJobInit>> | undefined;
  nodes?: readonly Node[] | undefined;
  tasks?: readonly Task[] | undefined;
  serveApplications?: readonly ServeApplication[] | undefined;
  /** What becomes of a job that the code under test submits. Default: it succeeds and prints nothing. */
  onSubmit?: ((submission: SubmitJobOptions & { submissionId: string }) => FakeJobInit) | undefined;
}

/** A cluster in memory. */
export interface FakeRay extends AsyncDisposable {
  /** What the code under test takes for a client of a cluster. */
  readonly client: RayClient & BaseClient;
  /** What was submitted, in order. */
  readonly submissions: readonly (SubmitJobOptions & { submissionId: string })[];
  /** Adds lines to the log of a job, which then runs. @throws {ConflictError} when it has ended */
  write(jobId: string, ...lines: string[]): void;
  /** Ends a job, by default as `SUCCEEDED`. @throws {ConflictError} when it has ended */
  finish(jobId: string, end?: FakeJobEnd): void;
  close(): Promise<void>;
}

const BASE_URL = 'http://fake-ray.invalid';

/**
 * A client and a cluster in one process, without any socket or time-out: to test code that takes a client. The client is
 * the real one, with its checks, errors, limits and cursors; only what it talks to is in memory.
 *
 * @example
 * ```ts
 * import { fakeRay } from '@raywire/ray/testing';
 *
 * const ray = fakeRay({ jobs: { train: { lines: ['epoch 1'], status: 'RUNNING' } } });
 * const end = ray.client.tailJobLogs('train').drain();
 * ray.write('train', 'epoch 2');
 * ray.finish('train', { status: 'FAILED', message: 'out of memory' });
 * console.log((await end).jobStatus); // FAILED
 * await ray.close();
 * ```
 */
export function fakeRay(options: FakeRayOptions = {}): FakeRay {
  const { jobs = {}, nodes = [], tasks = [], serveApplications = [], onSubmit, streamLimits } = options;
  const submissions: (SubmitJobOptions & { submissionId: string })[] = [];
  // Each job begins a second after the one before: it is another run, whatever its ID.
  let now = Date.UTC(2026, 0, 1);
  const add = (id: string, init: FakeJobInit): void => {
    now += 1000;
    cluster.jobs.set(id, new FakeJob(id, init, now));
  };
  const cluster: FakeCluster = {
    jobs: new Map(),
    nodes: [...nodes],
    tasks: [...tasks],
    serveApplications: [...serveApplications],
    submit(submissionId, given) {
      const submission = { ...given, submissionId };
      submissions.push(submission);
      const { entrypoint, metadata } = submission;
      add(submissionId, { entrypoint, metadata, ...onSubmit?.(submission) });
    },
  };
  for (const [id, init] of Object.entries(jobs)) add(id, init);
  const find = (id: string): FakeJob => findJob(cluster.jobs, id);
  const client = createRayClient({
    backend: {
      contractVersion: 1,
      name: 'fake',
      endpoint: { baseURL: BASE_URL },
      operations: fakeOperations(cluster),
      logSources: fakeLogSources(find),
    },
    transports: fakeTransports(find),
    requester: NO_REQUESTER,
    streamLimits,
  });
  const close = (): Promise<void> => client.close();
  return {
    client,
    submissions,
    write: (jobId, ...lines) => find(jobId).write(lines),
    finish: (jobId, end = {}) => find(jobId).finish(end),
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** Calls of the client's methods need none. */
const NO_REQUESTER: HttpRequester = {
  contractVersion: 1,
  async request({ method, url }) {
    throw new UnsupportedByServerError({
      message: `fakeRay answers the methods of a client, not ${method} ${new URL(url).pathname}.`,
    });
  },
};
