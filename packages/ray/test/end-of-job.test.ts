import { sendLines } from '@raywire/testing';
import { describe, expect, it } from 'vitest';
import { agentWith, collect, complete, lines } from './tail-lab.js';

const jobOf = (status: string, message: string | null = null) => ({
  job_id: 'job',
  status,
  start_time: 1,
  message,
});

describe('the job at the end of a tail', () => {
  it('is requested once more when the tail is left, so that no line refutes its status', async () => {
    let status = 'PENDING';
    const { tail } = await agentWith({
      job: () => jobOf(status, `It is ${status}.`),
      webSocket: (socket) => sendLines(socket, lines),
    });
    const left = tail();
    for await (const line of left) if (line === 'four') break;
    status = 'RUNNING';
    expect(await left.end).toMatchObject({
      reason: 'aborted',
      lines: 4,
      jobStatus: 'RUNNING',
      message: 'It is RUNNING.',
    });
  });

  it.each(['says nothing', 'says what cannot be'])('has no status where the server %s', async (how) => {
    let isLeft = false;
    const { tail } = await agentWith({
      job: () => (isLeft && how === 'says nothing' ? undefined : jobOf('PENDING', 'It has not started.')),
      webSocket: (socket) => sendLines(socket, lines),
    });
    const left = tail();
    for await (const _ of left) break;
    isLeft = true;
    expect(await left.end).toMatchObject({ reason: 'aborted', lines: 1, jobStatus: null, message: null });
  });

  it('is not requested where nobody looks at the end', async () => {
    const { tail, agent } = await agentWith({
      job: () => jobOf('RUNNING'),
      webSocket: (socket) => sendLines(socket, lines),
    });
    const left = tail();
    for await (const _ of left) break;
    const before = agent.requests.length;
    expect((await left.end).jobStatus).toBe('RUNNING');
    expect(agent.requests.slice(before)).toEqual(['GET /jobs/job/']);
  });

  it('says why it failed before it printed anything', async () => {
    const why = 'The runtime environment could not be set up: secret-token is no package.';
    let status = 'PENDING';
    const { tail } = await agentWith({
      job: () => jobOf(status, status === 'FAILED' ? why : null),
      webSocket(socket) {
        status = 'FAILED';
        socket.send(JSON.stringify({ type: 'complete', status }));
      },
    });
    const tailed = tail();
    expect(await collect(tailed)).toEqual({ got: [], error: undefined });
    expect(await tailed.end).toMatchObject({
      reason: 'complete',
      jobStatus: 'FAILED',
      lines: 0,
      message: why.replace('secret-token', '[redacted]'),
    });
  });

  it('is not waited for long', async () => {
    let isHanging = false;
    const { tail } = await agentWith({
      job: () => jobOf('RUNNING'),
      request: (request) => isHanging && request.url === '/jobs/job/',
      webSocket: (socket) => sendLines(socket, lines),
    });
    const left = tail();
    for await (const _ of left) break;
    isHanging = true;
    const began = performance.now();
    expect(await left.end).toMatchObject({ reason: 'aborted', jobStatus: 'RUNNING' });
    expect(performance.now() - began).toBeLessThan(5_000);
  });

  it('does not come from a request that the closed client no longer makes', async () => {
    const { tail, client } = await agentWith({
      job: () => jobOf('RUNNING'),
      webSocket(socket) {
        sendLines(socket, lines);
        socket.send(complete);
      },
    });
    const tailed = tail();
    for await (const _ of tailed);
    await client.close();
    expect(await tailed.end).toMatchObject({ reason: 'complete', lines: 5, jobStatus: 'RUNNING' });
  });
});
