import { once } from 'node:events';
import { BaseClient } from '@raywire/core';
import { type AgentScript, sendLines } from '@raywire/testing';
import { expect, it } from 'vitest';
import { agentWith, lines, running } from './tail-lab.js';

it('`await using` ends a tail as close() does, and frees its socket', async () => {
  const gone = Promise.withResolvers<unknown>();
  const webSocket: AgentScript['webSocket'] = (socket) => {
    gone.resolve(once(socket, 'close'));
    sendLines(socket, lines);
  };
  const { tail } = await agentWith({ job: running, webSocket });
  let end: Promise<unknown>;
  {
    await using open = tail();
    end = open.end;
    expect(await open[Symbol.asyncIterator]().next()).toEqual({ done: false, value: lines[0] });
  }
  expect(await end).toMatchObject({ reason: 'aborted', lines: 1 });
  await gone.promise;
});

it('`await using` closes a client: its calls end, and new ones are refused', async () => {
  const asked = Promise.withResolvers<void>();
  const { agent } = await agentWith({
    job: () => {
      asked.resolve();
      // No answer.
      return new Promise(() => undefined) as never;
    },
  });
  let call: Promise<unknown>;
  let closed: BaseClient;
  {
    await using client = new BaseClient({ baseURL: agent.url });
    closed = client;
    call = client.request({ path: 'jobs/job/' });
    call.catch(() => undefined);
    await asked.promise;
  }
  await expect(call).rejects.toMatchObject({ code: 'CLIENT_CLOSED' });
  await expect(closed.request({ path: 'jobs/' })).rejects.toMatchObject({ code: 'CLIENT_CLOSED' });
});
