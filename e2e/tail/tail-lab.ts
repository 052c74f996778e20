import { AgentClient, type AgentClientOptions, type TailEvent, type TailOptions } from '@raywire/agent';
import { afterEach } from 'vitest';
import { type AgentScript, type ScriptedAgent, startScriptedAgent } from '../servers/scripted-agent.js';

export const lines = ['one', 'zwei ✓', '', 'four', '五'];
export const log = `${lines.join('\n')}\n`;
const quick = { initialDelayMs: 5, maxDelayMs: 20, budget: 5 };
export const sse = { 'content-type': 'text/event-stream; charset=utf-8' };
export const running = () => ({ job_id: 'job', status: 'RUNNING', start_time: 1 });
export const succeeded = () => ({ job_id: 'job', status: 'SUCCEEDED', start_time: 1, driver_exit_code: 0 });

/** Closed after the test, the last first. */
const closing: { close(): Promise<unknown> }[] = [];
afterEach(async () => {
  for (const open of closing.splice(0).reverse()) await open.close();
});

/** A scripted agent, and a client of it that keeps what its tails tell. */
export async function agentWith(script: AgentScript, options: Partial<AgentClientOptions> = {}) {
  const agent: ScriptedAgent = await startScriptedAgent(script);
  const client = new AgentClient({
    baseURL: agent.url,
    agentToken: 'secret-token',
    reconnect: quick,
    ...options,
  });
  closing.push(agent, client);
  const events: TailEvent[] = [];
  const tail = (given: TailOptions = {}) =>
    client.tailJobLogs('job', { onEvent: (event) => events.push(event), ...given });
  return { agent, client, events, tail };
}

/** What a tail gave until it ended, and what it threw. */
export async function collect(source: AsyncIterable<string>): Promise<{ got: string[]; error: unknown }> {
  const got: string[] = [];
  try {
    for await (const line of source) got.push(line);
    return { got, error: undefined };
  } catch (error) {
    return { got, error };
  }
}

export const complete = JSON.stringify({ type: 'complete' });
