import type { ServerResponse } from 'node:http';
import { type AgentScript, collect } from '@raywire/testing';
import { describe, expect, it } from 'vitest';
import { agentWith } from './tail-lab.js';

const answerWith = (response: ServerResponse, status: number, body: unknown): true => {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  return true;
};

/** An agent whose health is told when the test says so. */
function slowHealth(script: AgentScript = {}) {
  const told = Promise.withResolvers<void>();
  const asked = Promise.withResolvers<void>();
  const slow: AgentScript = {
    job: () => ({ job_id: 'job', status: 'SUCCEEDED', start_time: 1 }),
    ...script,
    request(request, response) {
      if (request.method === 'POST') return answerWith(response, 201, { job_id: 'a', submission_id: 'a' });
      if (request.url !== '/health/') return false;
      asked.resolve();
      void told.promise.then(() => answerWith(response, 200, { capabilities: ['submit'] }));
      return true;
    },
  };
  return { script: slow, asked: asked.promise, tell: told.resolve };
}

describe('what one caller of a client does', () => {
  it('its abort is no other caller’s: both asked what the agent can do', async () => {
    const { script, asked, tell } = slowHealth();
    const { client } = await agentWith(script);
    const abort = new AbortController();
    const first = client.submitJob({ entrypoint: 'true', signal: abort.signal });
    const second = client.submitJob({ entrypoint: 'true' });
    await asked;
    abort.abort(new Error('only the first'));
    await expect(first).rejects.toThrow('only the first');
    tell();
    await expect(second).resolves.toMatchObject({ job_id: 'a' });
  });

  it('nor is its time-out', async () => {
    const { script, tell } = slowHealth();
    const { client } = await agentWith(script);
    const first = client.submitJob({ entrypoint: 'true', timeoutMs: 50 });
    const second = client.submitJob({ entrypoint: 'true' });
    await expect(first).rejects.toMatchObject({ statusCode: 408 });
    tell();
    await expect(second).resolves.toMatchObject({ job_id: 'a' });
  });

  it('nor does the end of one tail push another off its transport', async () => {
    const { script, asked, tell } = slowHealth({
      webSocket(socket) {
        socket.send('{"message":"one"}');
        socket.send('{"type":"complete"}');
      },
    });
    const { client } = await agentWith(script);
    const first = client.tailJobLogs('job');
    const second = client.tailJobLogs('job');
    const results = [collect(first), collect(second)];
    await asked;
    await first.close();
    tell();
    expect(await results[1]).toMatchObject({
      lines: ['one'],
      end: { transport: 'websocket', reconnects: 0 },
    });
    expect(await results[0]).toMatchObject({ lines: [], end: { reason: 'aborted' } });
  });

  it('a route that is missing for a moment is not remembered', async () => {
    let isUp = false;
    const { client } = await agentWith({
      request(request, response) {
        if (!isUp) return answerWith(response, 404, { detail: 'default backend' });
        const answer =
          request.method === 'POST' ? { job_id: 'a', submission_id: 'a' } : { capabilities: ['submit'] };
        return answerWith(response, 200, answer);
      },
    });
    await expect(client.submitJob({ entrypoint: 'true' })).rejects.toMatchObject({ statusCode: 501 });
    isUp = true;
    await expect(client.submitJob({ entrypoint: 'true' })).resolves.toMatchObject({ job_id: 'a' });
  });
});
