import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { sendJson, startHttpServer } from '@raywire/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { DashboardClient } from './dashboard-client.js';

/** How each request is met, in turn; those after the last are answered well. */
type Fate = 'reset' | 'answer lost' | 503;

let folder: string;
const closing: (() => Promise<unknown>)[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'raywire-'));
  writeFileSync(join(folder, 'main.py'), 'print(1)');
});

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
  rmSync(folder, { recursive: true });
});

/** A head that keeps packages and jobs, on a real socket. */
async function startHead(fates: Partial<Record<'PUT' | 'POST', Fate[]>>) {
  const packages = new Map<string, Buffer>();
  const jobs = new Map<string, { entrypoint: string; submission_id: string }>();
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
      const job = JSON.parse(body.toString()) as { entrypoint: string; submission_id: string };
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
  closing.push(
    () => server.close(),
    () => client.close(),
  );
  return { client, packages, jobs, asked };
}

it.each<[Fate[], Fate[]]>([
  [['reset'], []],
  [['answer lost', 503], []],
  [[503], ['reset', 503]],
  [[], ['answer lost']],
])('a job with a working directory is submitted once, whatever befalls %j and %j', async (PUT, POST) => {
  const { client, packages, jobs, asked } = await startHead({ PUT: [...PUT], POST: [...POST] });
  const seen: number[] = [];
  const submitted = await client.submitJob({
    entrypoint: 'python main.py',
    workingDirectory: folder,
    onUploadProgress: ({ phase, bytes }) => phase === 'upload' && seen.push(bytes),
  });
  expect([...jobs.keys()]).toEqual([submitted.submission_id]);
  const [[path, archive]] = [...packages] as [[string, Buffer]];
  expect(jobs.get(submitted.submission_id)).toMatchObject({
    entrypoint: 'python main.py',
    runtime_env: { working_dir: `gcs://${path.slice('/api/packages/gcs/'.length)}` },
  });
  expect(seen.at(-1)).toBe(archive.length);
  const count = (method: string): number => asked.filter((request) => request.startsWith(method)).length;
  expect([count('PUT'), count('POST')]).toEqual([PUT.length + 1, POST.length + 1]);
});

it('a submission with a working directory is tried as often as its caller says, and a given ID only once', async () => {
  const given = { entrypoint: 'python main.py', workingDirectory: folder };
  const never = await startHead({ PUT: [503] });
  await expect(never.client.submitJob({ ...given, maxRetries: 0 })).rejects.toMatchObject({
    statusCode: 503,
  });
  expect(never.asked).toEqual(['GET /api/packages/gcs/package.zip', 'PUT /api/packages/gcs/package.zip']);
  const once = await startHead({ POST: [503] });
  await expect(once.client.submitJob({ ...given, submissionId: 'mine' })).rejects.toMatchObject({
    statusCode: 503,
  });
  expect(once.asked.filter((request) => request.startsWith('POST'))).toHaveLength(1);
});
