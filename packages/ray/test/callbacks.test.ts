import { collect } from '@raywire/testing';
import { describe, expect, it } from 'vitest';
import { agentWith } from './tail-lab.js';

const running = () => ({ job_id: 'job', status: 'RUNNING', start_time: 1 });
const broken = new Error('the callback is broken');

describe.each(['onEvent', 'onPartial'])('%s of a tail', (name) => {
  it.each([
    [
      'throws',
      () => {
        throw broken;
      },
    ],
    ['rejects', () => Promise.reject(broken)],
  ])('that %s fails the tail', async (_, callback) => {
    const { client } = await agentWith({
      capabilities: ['resume', 'batch'],
      job: running,
      // It stays open: nothing but the callback ends the tail.
      webSocket: (socket) => socket.send('{"type":"partial","message":"50 %"}'),
    });
    expect(await collect(client.tailJobLogs('job', { [name]: callback }))).toMatchObject({
      error: { message: 'the callback is broken' },
      end: { reason: 'failed' },
    });
  });
});

it('a tail that failed has an error, whatever was thrown', async () => {
  const { client } = await agentWith({ job: running });
  const tail = client.tailJobLogs('job', { onEvent: () => Promise.reject(undefined) });
  await expect(tail.batches().next()).rejects.toBeUndefined();
  const end = await tail.end;
  expect(end).toMatchObject({ reason: 'failed' });
  expect('error' in end).toBe(true);
});
