import { ConflictError, NotFoundError } from '@raywire/core';
import { readOptions } from '@raywire/core/internal';
import { validateApplicationName, validateResourceId } from '@raywire/network';
import { collectLog } from '../collect-log.js';
import { JOB_ORDER, NODE_ORDER, SERVE_APPLICATION_ORDER, TASK_ORDER } from '../lists/list-orders.js';
import { pageRows } from '../lists/page-rows.js';
import type { RayOperations } from '../ray-backend.js';
import { prepareSubmission, SUBMIT_OPTIONS, type SubmitJobOptions } from '../resources/job-submission.js';
import type { Node } from '../resources/node.js';
import type { ServeApplication } from '../resources/serve-application.js';
import type { Task } from '../resources/task.js';
import { logBodyText } from '../source/log-body-text.js';
import type { FakeJob } from './fake-job.js';

/** What is on a cluster in memory. */
export interface FakeCluster {
  jobs: Map<string, FakeJob>;
  nodes: Node[];
  tasks: Task[];
  serveApplications: ServeApplication[];
  submit(id: string, options: SubmitJobOptions): void;
}

/** The calls of a cluster in memory. */
export function fakeOperations(cluster: FakeCluster): RayOperations {
  const { jobs } = cluster;
  return {
    validateId(kind, id) {
      if (kind === 'serve application') validateApplicationName(id);
      else validateResourceId(id, kind);
    },
    healthCheck: async () => ({ status: 'ok' }),
    getGpuStatus: async () => ({ gpus: [] }),
    async listJobs(_api, { signal: _, ...options }) {
      return pageRows({ items: [...jobs.values()].map(({ details }) => details) }, options, JOB_ORDER);
    },
    getJob: async (_api, id) => findJob(jobs, id).details,
    async getJobLogs(_api, id, limits) {
      const { log } = findJob(jobs, id);
      const whole = (async function* () {
        yield log;
      })();
      return collectLog(whole, logBodyText('text/plain'), limits);
    },
    prepareSubmission(options, method, besides) {
      const checked = readOptions(SUBMIT_OPTIONS, options, method, besides);
      const { body } = prepareSubmission(checked, method);
      const id = body.submission_id;
      validateResourceId(id, 'job');
      return async () => {
        if (jobs.has(id))
          throw new ConflictError({ statusCode: 409, message: `There is a job ${id} already.` });
        cluster.submit(id, checked);
        return { id, job_id: id, submission_id: id };
      };
    },
    async stopJob(_api, id) {
      const job = findJob(jobs, id);
      if (job.state.terminal) return { stopped: false, reason: 'The job has ended.' };
      job.finish({ status: 'STOPPED' });
      return { stopped: true };
    },
    async deleteJob(_api, id) {
      if (!findJob(jobs, id).state.terminal) {
        throw new ConflictError({ statusCode: 409, message: `The job ${id} has not ended; stop it first.` });
      }
      jobs.delete(id);
    },
    async listNodes(_api, options) {
      return pageRows({ items: cluster.nodes }, options, NODE_ORDER);
    },
    getNode: async (_api, id) => findRow(cluster.nodes, (row) => row.node_id === id, `node ${id}`),
    async listTasks(_api, options) {
      return pageRows({ items: cluster.tasks }, options, TASK_ORDER);
    },
    getTask: async (_api, id) => findRow(cluster.tasks, (row) => row.task_id === id, `task ${id}`),
    async listServeApplications(_api, options) {
      return pageRows({ items: cluster.serveApplications }, options, SERVE_APPLICATION_ORDER);
    },
    getServeApplication: async (_api, name) =>
      findRow(cluster.serveApplications, (row) => row.name === name, `Serve application ${name}`),
    async deleteServeApplication(_api, name) {
      findRow(cluster.serveApplications, (row) => row.name === name, `Serve application ${name}`);
      cluster.serveApplications = cluster.serveApplications.filter((row) => row.name !== name);
    },
  };
}

/** @throws {NotFoundError} */
export function findJob(jobs: ReadonlyMap<string, FakeJob>, id: string): FakeJob {
  const job = jobs.get(id);
  if (job === undefined) throw new NotFoundError({ message: `fakeRay has no job ${id}.` });
  return job;
}

function findRow<Row>(rows: readonly Row[], is: (row: Row) => boolean, name: string): Row {
  const row = rows.find(is);
  if (row === undefined) throw new NotFoundError({ message: `fakeRay has no ${name}.` });
  return row;
}
