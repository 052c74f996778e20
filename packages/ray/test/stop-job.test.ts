import { ClientTimeoutError, InvalidArgumentError } from '@raywire/core';
import { sendJson } from '@raywire/testing';
import { describe, expect, it } from 'vitest';
import { agentWith } from './tail-lab.js';

const why = 'It may be waiting for resources.';

/** An agent whose job has these states, one after another, once it was told to stop; the last one stays. */
async function stopping(states: readonly (string | number)[], answer: object = { stopped: true }) {
  let looks = -1;
  const { client, agent } = await agentWith({
    capabilities: ['submit', 'delete'],
    request({ method, url }, response) {
      if (method === 'POST' && url === '/jobs/job/stop/') sendJson(response, 200, answer);
      else if (method === 'DELETE') sendJson(response, 409, { detail: 'The job is PENDING' });
      else if (url === '/jobs/job/') {
        const state = states[Math.min(++looks, states.length - 1)];
        if (typeof state === 'number') sendJson(response, state, { detail: 'not now' });
        else sendJson(response, 200, { job_id: 'job', status: state, start_time: 1, message: why });
      } else return false;
      return true;
    },
  });
  return { client, agent };
}

describe('stopJob', () => {
  it('says of a job that waits on that it is not stopped, and why', async () => {
    const { client } = await stopping(['PENDING']);
    expect(await client.stopJob('job')).toEqual({
      stopped: false,
      jobStatus: 'PENDING',
      reason: expect.stringContaining(why),
    });
  });

  it.each([[['RUNNING']], [['PENDING', 'PENDING', 'STOPPED']], [[404]]])(
    'gives the answer of the server where the job is %j after it',
    async (states) => {
      const { client, agent } = await stopping(states, { stopped: true, more: 1 });
      expect(await client.stopJob('job')).toEqual({ stopped: true, more: 1 });
      expect(agent.requests.filter((request) => request.startsWith('POST'))).toHaveLength(1);
    },
  );

  it('gives the answer of the server where the job had ended before', async () => {
    const { client, agent } = await stopping(['SUCCEEDED'], { stopped: false });
    expect(await client.stopJob('job')).toEqual({ stopped: false });
    expect(agent.requests).toEqual(['POST /jobs/job/stop/']);
  });

  it.each([
    ['STOPPED', true],
    ['FAILED', false],
  ])('waits with untilStopped until the job has ended: %s', async (status, stopped) => {
    const { client, agent } = await stopping(['PENDING', 'RUNNING', status]);
    expect(await client.stopJob('job', { untilStopped: true })).toEqual({ stopped, jobStatus: status });
    expect(agent.requests.filter((request) => request.startsWith('POST'))).toHaveLength(1);
  });

  it('gives up waiting after giveUpAfterMs', async () => {
    const { client } = await stopping(['PENDING']);
    const stopped = client.stopJob('job', { untilStopped: true, giveUpAfterMs: 50 });
    await expect(stopped).rejects.toThrow(/still PENDING after 50 ms\. It was told to stop/);
    await expect(stopped).rejects.toBeInstanceOf(ClientTimeoutError);
  });

  it('takes no giveUpAfterMs without untilStopped', async () => {
    const { client } = await stopping(['RUNNING']);
    await expect(client.stopJob('job', { giveUpAfterMs: 50 })).rejects.toBeInstanceOf(InvalidArgumentError);
  });
});

describe('deleteJob', () => {
  it('of a job that has not ended says what to do first', async () => {
    const { client } = await stopping(['PENDING']);
    await expect(client.deleteJob('job')).rejects.toMatchObject({
      code: 'CONFLICT',
      message: expect.stringMatching(/The job is PENDING.*stop it first/),
    });
  });
});
