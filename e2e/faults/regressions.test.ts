import type { AgentClient, TailOptions } from '@raywire/agent';
import { AgentClient as Client } from '@raywire/agent';
import { StreamGapError } from '@raywire/core';
import { afterEach, describe, expect, it } from 'vitest';
import {
  type AgentScript,
  type ScriptedAgent,
  sendLines,
  startScriptedAgent,
} from '../servers/scripted-agent.js';
import { QUICK_RECONNECT } from './lab/laboratory.js';

const closing: { close(): Promise<unknown> }[] = [];
afterEach(async () => {
  for (const open of closing.splice(0).reverse()) await open.close();
});

async function clientOf(script: AgentScript): Promise<{ agent: ScriptedAgent; client: AgentClient }> {
  const agent = await startScriptedAgent(script);
  const client = new Client({ baseURL: agent.url, agentToken: 'token', reconnect: QUICK_RECONNECT });
  closing.push(agent, client);
  return { agent, client };
}

async function tailed(client: AgentClient, options: TailOptions = {}) {
  const tail = client.tailJobLogs('job', options);
  const got: string[] = [];
  try {
    for await (const line of tail) got.push(line);
  } catch (error) {
    return { got, error, end: await tail.end };
  }
  return { got, error: undefined, end: await tail.end };
}

const running = () => ({ job_id: 'job', status: 'RUNNING', start_time: 1 });
const succeeded = () => ({ job_id: 'job', status: 'SUCCEEDED', start_time: 1 });

describe('what the laboratory has found', () => {
  it('a last line without a newline that came before the cut is proven by the whole log', async () => {
    const { client } = await clientOf({
      job: succeeded,
      logs: () => 'one\ntwo, without a newline',
      webSocket(socket) {
        sendLines(socket, ['one', 'two, without a newline']);
        socket.close(1000);
      },
    });
    const { got, error, end } = await tailed(client);
    expect({ got, error }).toEqual({ got: ['one', 'two, without a newline'], error: undefined });
    expect(end.reason).toBe('complete');
  });

  it('a log that has become shorter than the cursor is told with follow: false too', async () => {
    let log = 'one\ntwo\nthree\n';
    const { client } = await clientOf({ job: running, logs: () => log, webSocket: () => undefined });
    const first = client.tailJobLogs('job', { follow: false });
    for await (const _ of first);
    const { cursor } = first;
    log = 'one\n';
    const { error } = await tailed(client, { follow: false, cursor });
    expect(error).toBeInstanceOf(StreamGapError);
  });
});
