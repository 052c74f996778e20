import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A Ray head that knows some jobs, and is the agent of its one node: it gives their log files by ranges of bytes. */
export interface SmallDashboard {
  url: string;
  /** A job that has ended, with this log. */
  add(jobId: string, log: Buffer): void;
  close(): Promise<void>;
}

/** Starts one on a free loopback port. */
export async function startSmallDashboard(): Promise<SmallDashboard> {
  const logs = new Map<string, Buffer>();
  const server = createServer((request, response) => {
    const [, jobId = ''] = /^\/api\/jobs\/([^/]+)$/.exec(request.url ?? '') ?? [];
    const [, file = ''] = /^\/logs\/job-driver-([^/]+)\.log$/.exec(request.url ?? '') ?? [];
    const log = logs.get(file);
    if (log !== undefined) sendRange(request, response, log);
    else if (logs.has(jobId)) sendJob(response, jobId, url);
    else response.writeHead(404, { 'content-type': 'text/plain' }).end('404: Not Found');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    add: (jobId, log) => logs.set(jobId, log),
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function sendJob(response: ServerResponse, jobId: string, url: string): void {
  const job = {
    ...{ type: 'SUBMISSION', job_id: null, submission_id: jobId, status: 'SUCCEEDED', entrypoint: 'true' },
    ...{ message: '', error_type: null, metadata: {}, runtime_env: {}, driver_exit_code: 0 },
    ...{ start_time: 1, end_time: 2, driver_agent_http_address: url, driver_node_id: 'a'.repeat(56) },
  };
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(job));
}

function sendRange(request: IncomingMessage, response: ServerResponse, log: Buffer): void {
  const range = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '');
  const start = Number(range?.[1] ?? 0);
  const end = Math.min(log.length, range?.[2] ? Number(range[2]) + 1 : log.length);
  if (range !== null && start >= log.length) {
    response.writeHead(416, { 'content-range': `bytes */${log.length}`, 'content-length': 0 }).end();
    return;
  }
  response.writeHead(range === null ? 200 : 206, {
    'content-type': 'text/plain',
    'content-length': end - start,
    ...(range !== null && { 'content-range': `bytes ${start}-${end - 1}/${log.length}` }),
  });
  response.end(log.subarray(start, end));
}
