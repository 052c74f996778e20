import { AgentClient, type AgentClientOptions, fieldOf } from '@raywire/agent';
import {
  AuthenticationError,
  AuthorizationError,
  ClientConnectionError,
  ClientTimeoutError,
  ConflictError,
  InvalidArgumentError,
  NotFoundError,
  RateLimitError,
  ServerError,
  StreamLimitExceededError,
  TransportUnavailableError,
  UnsupportedByServerError,
  ValidationError,
} from '@raywire/core';
import { agentBackend, createRayClient } from '@raywire/ray';
import { type AgentScript, startServer, startTcpServer } from '@raywire/testing';
import { httpTransport } from '@raywire/transport-http';
import { describe, expect, it, onTestFinished } from 'vitest';
import { agentWith } from './tail-lab.js';

/** It takes connections, and never answers. */
async function silentServer(): Promise<string> {
  const server = await startTcpServer();
  onTestFinished(() => server.close());
  return server.url;
}

const answer = (status: number, body: string, headers: Record<string, string> = {}): AgentScript => ({
  request(_, response) {
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body);
    return true;
  },
});

describe('the calls of the agent protocol', () => {
  it('follow pages to the end', async () => {
    const { client } = await agentWith({
      request(request, response) {
        const page = Number(new URL(request.url ?? '', 'http://agent').searchParams.get('page') ?? 1);
        const next = page < 3 ? `/jobs/?page=${page + 1}` : null;
        const results = [{ job_id: `job${page}`, status: 'RUNNING', extra: page }];
        response.setHeader('content-type', 'application/json');
        response.end(JSON.stringify({ count: 3, next, previous: null, results }));
        return true;
      },
    });
    const page = await client.listJobs();
    expect(page.map((job) => fieldOf(job, 'extra'))).toEqual([1, 2, 3]);
    expect(page).toMatchObject({ total: 3, truncated: false, length: 3 });
  });

  it('never take a next link, or the token, to another origin', async () => {
    const visits: string[] = [];
    const other = await startServer(({ headers }, response) => {
      visits.push(headers.authorization ?? 'no token');
      response.end('[]');
    });
    onTestFinished(() => other.close());
    const { client } = await agentWith(
      answer(200, JSON.stringify({ results: [], next: `${other.url}/jobs/` })),
    );
    await expect(client.listJobs()).rejects.toMatchObject({ code: 'REDIRECT_REFUSED', statusCode: 502 });
    expect(visits).toEqual([]);
  });

  it.each([
    [400, ValidationError],
    [422, ValidationError],
    [401, AuthenticationError],
    [403, AuthorizationError],
    [404, NotFoundError],
    [409, ConflictError],
    [429, RateLimitError],
    [500, ServerError],
  ])('give %i its class, with what the server said', async (status, type) => {
    const { client } = await agentWith(answer(status, '{"detail":"because of secret-token"}'), {
      maxRetries: 0,
    });
    const error = await client.getJob('job').catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(type);
    expect(error).toMatchObject({ statusCode: status, detail: 'because of [redacted]' });
    expect((error as Error).message).toContain('because of');
  });

  it.each([
    ['an HTML page', answer(200, '<html>login</html>', { 'content-type': 'text/html' })],
    ['half a JSON', answer(200, '{"job_id": "jo')],
    ['nothing', answer(204, '')],
    ['a list for a job', answer(200, '[]')],
  ])('call %s by its name', async (_, script) => {
    const { client } = await agentWith(script);
    await expect(client.getJob('job')).rejects.toMatchObject({
      code: 'UNEXPECTED_RESPONSE',
      statusCode: 502,
    });
  });

  it('never hold more of an answer than they may', async () => {
    const { client } = await agentWith(
      {
        request(_, response) {
          response.writeHead(200, { 'content-type': 'application/json' });
          response.write('[');
          const more = () => {
            while (!response.destroyed && response.write(`"${'x'.repeat(65_536)}",`));
          };
          response.on('drain', more);
          more();
          return true;
        },
      },
      { maxResponseBytes: 1024 * 1024 },
    );
    await expect(client.listJobs()).rejects.toMatchObject({ code: 'RESPONSE_TOO_LARGE' });
  });

  it('tell a refused connection from one that is never answered', async () => {
    const silent = await silentServer();
    const refused = new AgentClient({ baseURL: 'http://127.0.0.1:9', maxRetries: 0 });
    const unanswered = new AgentClient({ baseURL: silent, readTimeoutMs: 100, maxRetries: 0 });
    onTestFinished(() => Promise.all([refused.close(), unanswered.close()]).then(() => undefined));
    await expect(refused.listNodes()).rejects.toThrow(ClientConnectionError);
    await expect(refused.listNodes()).rejects.toMatchObject({ statusCode: 503 });
    await expect(unanswered.listNodes()).rejects.toThrow(ClientTimeoutError);
    await expect(unanswered.listNodes()).rejects.toMatchObject({ statusCode: 408 });
  });

  it('read a whole log, as JSON or as text, within maxBytes', async () => {
    const log = 'ä line\nand another\n';
    const { client } = await agentWith({ logs: () => log });
    expect(await client.getJobLogs('job')).toBe(log);
    const text = await agentWith(answer(200, log, { 'content-type': 'text/plain; charset=utf-8' }));
    expect(await text.client.getJobLogs('job')).toBe(log);
    const limited = client.getJobLogs('job', { streamLimits: { maxBytes: 10 } });
    await expect(limited).rejects.toThrow(StreamLimitExceededError);
    await expect(limited).rejects.toThrow(/tailJobLogs/);
  });

  it('run a job once, even when the answer to its submission is lost', async () => {
    const submitted: string[] = [];
    const { client } = await agentWith({
      capabilities: ['submit'],
      job: (job_id) => ({ job_id, submission_id: job_id, status: 'RUNNING', entrypoint: 'true' }),
      request(request, response) {
        if (request.method !== 'POST') return false;
        let body = '';
        request.on('data', (chunk) => {
          body += chunk;
        });
        request.on('end', () => {
          const { submission_id } = JSON.parse(body);
          if (submitted.includes(submission_id)) {
            response.writeHead(409, { 'content-type': 'application/json' }).end('{"detail":"taken"}');
          } else {
            submitted.push(submission_id);
            response.destroy();
          }
        });
        return true;
      },
    });
    const { job_id } = await client.submitJob({ entrypoint: 'true' });
    expect(submitted).toEqual([job_id]);
    await expect(client.submitJob({ entrypoint: 'true', submissionId: 'mine' })).rejects.toThrow(
      ClientConnectionError,
    );
    expect(submitted).toEqual([job_id, 'mine']);
  });

  it('wait for a job over the absence of its server, and no longer than asked', async () => {
    let asked = 0;
    const { client } = await agentWith(
      {
        job: (job_id) => ({ job_id, status: 'SUCCEEDED' }),
        request(_, response) {
          asked++;
          if (asked <= 3) response.writeHead(502).end('bad gateway');
          return asked <= 3;
        },
      },
      { maxRetries: 0 },
    );
    expect(await client.waitForJob('job', { giveUpAfterMs: 10_000 })).toMatchObject({ status: 'SUCCEEDED' });
    expect(asked).toBe(4);
    const silent = new AgentClient({ baseURL: await silentServer() });
    onTestFinished(() => silent.close());
    const started = performance.now();
    await expect(silent.waitForJob('job', { giveUpAfterMs: 200 })).rejects.toThrow(ClientTimeoutError);
    // Its own read time-out is 10 s: the wait must not be that long.
    expect(performance.now() - started).toBeLessThan(5_000);
  });

  it('never send a stop twice', async () => {
    const { client, agent } = await agentWith(answer(503, '{"detail":"busy"}'));
    await expect(client.stopJob('job')).rejects.toMatchObject({ statusCode: 503 });
    expect(agent.requests).toEqual(['POST /jobs/job/stop/']);
  });

  it('say what an old agent cannot do', async () => {
    const { client } = await agentWith({});
    await expect(client.submitJob({ entrypoint: 'true' })).rejects.toThrow(UnsupportedByServerError);
    await expect(client.deleteJob('job')).rejects.toMatchObject({
      statusCode: 501,
      code: 'UNSUPPORTED_BY_SERVER',
    });
  });

  it('percent-encode the name of an application, and refuse what is no name', async () => {
    const { client, agent } = await agentWith(answer(200, '{"name":"my app/ü"}'));
    await client.getServeApplication('my app/ü');
    expect(agent.requests).toEqual(['GET /serve_applications/my%20app%2F%C3%BC/']);
    for (const name of ['', '.', '..', 'a\nb']) {
      await expect(client.getServeApplication(name)).rejects.toThrow(InvalidArgumentError);
    }
  });
});

describe('a tail that finds no server', () => {
  it('ends with 503 when it is refused, with every attempt in the cause', async () => {
    const client = new AgentClient({ baseURL: 'http://127.0.0.1:9', reconnect: { initialDelayMs: 1 } });
    onTestFinished(() => client.close());
    const tail = client.tailJobLogs('job');
    const error = await tail[Symbol.asyncIterator]()
      .next()
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ClientConnectionError);
    expect(error).toMatchObject({ statusCode: 503 });
    expect(((error as Error).cause as AggregateError).errors).toHaveLength(6);
    expect(await tail.end).toMatchObject({ reason: 'failed', error, transport: null });
  });

  it('ends with 408 when every attempt timed out', async () => {
    const silent = await silentServer();
    const client = new AgentClient({ baseURL: silent, reconnect: { initialDelayMs: 1, giveUpAfterMs: 0 } });
    onTestFinished(() => client.close());
    const lines = client.tailJobLogs('job', { timeoutMs: 100 })[Symbol.asyncIterator]();
    await expect(lines.next()).rejects.toMatchObject({
      statusCode: 408,
      name: 'ClientTimeoutError',
      code: 'CONNECT_TIMEOUT',
      // Whoever means seconds learns what was understood.
      message: expect.stringMatching(/timeoutMs.*100 milliseconds/),
    });
  });
});

describe('a client composed by hand', () => {
  it('names the package of the transport that it lacks', () => {
    const client = createRayClient({
      backend: agentBackend({ baseURL: 'http://127.0.0.1:9' }),
      transports: [httpTransport()],
    });
    expect(() => client.websocketTailJobLogs('job')).toThrow(TransportUnavailableError);
    expect(() => client.websocketTailJobLogs('job')).toThrow('@raywire/transport-ws');
    expect(() => client.websocketTailJobLogs('job')).toThrow(expect.objectContaining({ statusCode: 500 }));
    expect(() => client.tailJobLogs('job')).not.toThrow();
  });

  it('refuses a transport of an unknown contract by its name', () => {
    const transport = { ...httpTransport(), contractVersion: 2 as 1, name: 'tomorrow' };
    expect(() => new AgentClient({ baseURL: 'http://127.0.0.1:9', transports: [transport] })).toThrow(
      /tomorrow.*version 2/,
    );
  });

  it.each([
    [{ baseURL: 'ftp://host' }, /baseURL/],
    [{ baseURL: 'http://user:hunter2@host' }, /credentials/],
    [{ baseURL: 'http://host?token=hunter2' }, /query/],
    [{ baseURL: 'http://host', agentTokn: 'x' }, /agentTokn/],
    [{ baseURL: 'http://host', agentToken: 'line\nbreak' }, /agentToken/],
    [{ baseURL: 'http://host', reconnect: { giveUpAfterMs: -1 } }, /giveUpAfterMs/],
    [{ baseURL: 'http://host', streamLimits: { maxLines: 'many' } }, /maxLines/],
    [undefined, /baseURL/],
  ])('refuses %j', (options, message) => {
    const make = () => new AgentClient(options as unknown as AgentClientOptions);
    expect(make).toThrow(message);
    expect(make).toThrow(InvalidArgumentError);
    expect(make).not.toThrow('hunter2');
  });
});
