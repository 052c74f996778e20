import type { IncomingMessage, ServerResponse } from 'node:http';
import { createGateway, type GatewayEvent, rayDriver } from '@raywire/gateway';
import { sendJson, startRayHead } from '@raywire/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { READERS } from './lab/log-readers.js';
import { MemoryJobs } from './lab/memory-jobs.js';

const TEXT = Array.from({ length: 40_000 }, (_, index) => `line ${index} of a log on a cluster\n`).join('');
const HALF = TEXT.length / 2;
const IS_FILE = /^\/logs\/|^\/api\/v0\/logs\/file/;
const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

type Intercept = (request: IncomingMessage, response: ServerResponse) => boolean;

/** A gateway in front of a cluster that has one job, `job`, and answers as it is told. */
async function serve(intercept: Intercept) {
  const jobs = new MemoryJobs();
  const bytes = Buffer.from(TEXT);
  jobs.add('job', { bytes, life: 'ended', readBytes: 1 << 16, startTime: 1 });
  const head = await startRayHead({ driver: jobs.driver, agentAddress: () => head.url, intercept });
  closing.push(() => head.close());
  const events: GatewayEvent[] = [];
  const token = 'token-of-the-gateway';
  const gateway = createGateway({
    driver: rayDriver({ address: head.url, giveUpAfterMs: 300 }),
    token,
    onEvent: (event) => events.push(event),
  });
  await gateway.listen();
  closing.push(() => gateway.close());
  return { url: gateway.url, token, errors: () => events.filter(({ type }) => type === 'error') };
}

const refuse = (response: ServerResponse, status: number, text: string): true => {
  response.writeHead(status, { 'content-type': 'text/plain' }).end(text);
  return true;
};

/** What the cluster does, the status of every route, and what it says. */
const REFUSALS: Record<string, { intercept: Intercept; status: number; says: RegExp }> = {
  'a job of ray.init': {
    intercept: ({ url }, response) => {
      if (url !== '/api/jobs/job') return false;
      sendJson(response, 200, { type: 'DRIVER', job_id: '01000000', submission_id: null, status: 'RUNNING' });
      return true;
    },
    status: 404,
    says: /was started with ray\.init and not submitted/,
  },
  'a log file that is gone': {
    intercept: ({ url = '' }, response) => {
      if (!IS_FILE.test(url)) return false;
      return url.startsWith('/logs/')
        ? refuse(response, 404, '404: Not Found')
        : refuse(response, 500, 'A file is not found at: /tmp/ray/session/logs/job-driver-job.log');
    },
    status: 404,
    says: /job-driver-job\.log.* is not found on its node/,
  },
  'a cluster that does not let the gateway read': {
    intercept: ({ url = '' }, response) => IS_FILE.test(url) && refuse(response, 403, 'Forbidden'),
    status: 502,
    says: /Forbidden/,
  },
  'a head that is lost at once': {
    intercept: ({ url = '' }, response) => IS_FILE.test(url) && Boolean(response.destroy()),
    status: 503,
    says: /connect|closed|reset|socket/i,
  },
};

describe.each(Object.entries(REFUSALS))('%s', (_, { intercept, status, says }) => {
  it.each(Object.entries(READERS))(`has its status and its reason: %s`, async (_route, read) => {
    const { url, token } = await serve(intercept);
    const seen = await read(url, token);
    expect(seen).toMatchObject({ status, isWhole: false });
    expect(seen.printed).toMatch(says);
  });
});

/** Half of the log, after that the socket is cut, and from then on nothing is answered at all. */
function lostAfterHalf(): Intercept {
  let isLost = false;
  return ({ url = '' }, response) => {
    if (!IS_FILE.test(url) && !isLost) return false;
    if (isLost) response.destroy();
    else {
      isLost = true;
      response.writeHead(200, { 'content-type': 'text/plain', 'content-length': TEXT.length });
      response.write(TEXT.slice(0, HALF), () => response.destroy());
    }
    return true;
  };
}

it.each(Object.entries(READERS))(
  'a head that is lost in mid-read is never an end: %s',
  async (route, read) => {
    const { url, token, errors } = await serve(lostAfterHalf());
    const seen = await read(url, token);
    expect(seen.isWhole).toBe(false);
    expect(errors()).toEqual([
      {
        type: 'error',
        error: expect.objectContaining({ statusCode: 503 }),
        jobId: 'job',
        route: `GET /jobs/job/logs/${route.includes('stream') ? 'stream/' : ''}`,
      },
    ]);
  },
);

it('a whole log is sent as it comes, and an outage in the middle is not seen', async () => {
  const begun = Promise.withResolvers<void>();
  let isFirst = true;
  const { url, token } = await serve(({ url: path = '' }, response) => {
    if (!IS_FILE.test(path) || !isFirst) return false;
    isFirst = false;
    response.writeHead(200, { 'content-type': 'text/plain', 'content-length': TEXT.length });
    response.write(TEXT.slice(0, HALF));
    void begun.promise.then(() => response.destroy());
    return true;
  });
  const response = await fetch(`${url}/jobs/job/logs/`, { headers: { authorization: token } });
  expect(response.headers.get('content-length')).toBeNull();
  const decoder = new TextDecoder();
  let text = '';
  for await (const part of response.body as AsyncIterable<Uint8Array>) {
    text += decoder.decode(part, { stream: true });
    begun.resolve();
  }
  expect(text === TEXT).toBe(true);
});

it('a task ID that cannot be one is 404', async () => {
  const { url, token, errors } = await serve(({ url: path = '' }, response) => {
    if (!path.startsWith('/api/v0/tasks')) return false;
    sendJson(response, 400, { result: false, msg: 'Odd-length string', data: {} });
    return true;
  });
  const response = await fetch(`${url}/tasks/zzz/`, { headers: { authorization: token } });
  expect(response.status).toBe(404);
  expect(await response.json()).toEqual({ detail: expect.stringContaining('no task "zzz"') });
  expect(errors()).toEqual([]);
});
