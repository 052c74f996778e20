import { type GatewayProcess, spawnGateway } from '@raywire/testing';
import { onTestFinished } from 'vitest';
import type { JobDetails } from '../contracts/job.js';
import { TOKEN } from './gateway-harness.js';

/** A gateway in a process of its own, which a test may kill. */
export interface KilledGateway extends GatewayProcess {
  call(method: string, path: string, body?: object): Promise<Response>;
  get(jobId: string): Promise<JobDetails>;
}

export async function startProcess(directory: string, onClose = 'stop'): Promise<KilledGateway> {
  const gateway = await spawnGateway({ token: TOKEN, directory, keepJobs: onClose === 'keep' });
  onTestFinished(() => gateway.signal('SIGKILL'));
  const call = (method: string, path: string, body?: object): Promise<Response> =>
    fetch(gateway.url + path, {
      method,
      headers: {
        authorization: TOKEN,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  return {
    ...gateway,
    call,
    get: async (id) => (await call('GET', `/jobs/${id}/`)).json() as Promise<JobDetails>,
  };
}

export async function end(gateway: GatewayProcess, signal: NodeJS.Signals): Promise<number | null> {
  gateway.signal(signal);
  return gateway.exited;
}
