import type { IncomingMessage, ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { sendJson, startHttpServer } from '@raywire/testing';
import { DashboardClient } from '../dashboard-client.js';

/** How each request is met, in turn; those after the last are answered well. */
export type Fate = 'reset' | 'answer lost' | 503;

/** A head that was started, and its client. */
export interface PackageHead {
  client: DashboardClient;
  /** By their paths. */
  packages: Map<string, Buffer>;
  jobs: Map<string, SubmittedBody>;
  /** Methods and paths of all requests. */
  asked: string[];
  close(): Promise<void>;
}

interface SubmittedBody {
  entrypoint: string;
  submission_id: string;
  runtime_env?: Record<string, unknown>;
}

/** A head that keeps packages and jobs, on a real socket. */
export async function startPackageHead(
  fates: Partial<Record<'PUT' | 'POST', Fate[]>> = {},
): Promise<PackageHead> {
  const packages = new Map<string, Buffer>();
  const jobs = new Map<string, SubmittedBody>();
  const asked: string[] = [];
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { method = '', url = '' } = request;
    asked.push(`${method} ${url.replace(/_ray_pkg_\w+/, 'package')}`);
    const fate = fates[method as 'PUT' | 'POST']?.shift();
    if (fate === 'reset') {
      request.socket.resetAndDestroy();
      return;
    }
    const body = await buffer(request);
    if (fate === 503) {
      response.writeHead(503).end();
      return;
    }
    const json = (value: unknown): void => sendJson(response, 200, value);
    let reply = (): void => json({});
    if (method === 'PUT') packages.set(url, body);
    else if (method === 'POST') {
      const job = JSON.parse(body.toString()) as SubmittedBody;
      if (jobs.has(job.submission_id)) {
        reply = () => response.writeHead(500).end(`ValueError: Job ${job.submission_id} already exists.`);
      } else reply = () => json({ job_id: job.submission_id, submission_id: job.submission_id });
      jobs.set(job.submission_id, job);
    } else if (url.startsWith('/api/jobs/')) {
      reply = () => json({ ...jobs.get(url.slice('/api/jobs/'.length)), job_id: null });
    } else if (!packages.has(url)) reply = () => response.writeHead(404).end();
    if (fate === 'answer lost') request.socket.resetAndDestroy();
    else reply();
  };
  const server = await startHttpServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
  const client = new DashboardClient({ address: server.url, token: 'token-of-this-test' });
  const close = async (): Promise<void> => {
    await client.close();
    await server.close();
  };
  return { client, packages, jobs, asked, close };
}
