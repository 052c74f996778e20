import { AgentClient, type AgentClientOptions, type TailEvent, type TailOptions } from '@raywire/agent';
import { type AgentScript, startScriptedAgent } from '@raywire/testing';
import { onTestFinished } from 'vitest';

export const lines = ['one', 'zwei ✓', '', 'four', '五'];
export const log = `${lines.join('\n')}\n`;
export const running = () => ({ job_id: 'job', status: 'RUNNING', start_time: 1 });
export const succeeded = () => ({ job_id: 'job', status: 'SUCCEEDED', start_time: 1, driver_exit_code: 0 });

/** What an answer of type `text/event-stream` begins with. */
export const sse: Record<string, string> = { 'content-type': 'text/event-stream; charset=utf-8' };

/** An SSE event. */
export const event = (value: unknown): string => `data: ${JSON.stringify(value)}\n\n`;

/** The last one. */
export const lastEvent: string = event({ type: 'complete', status: 'SUCCEEDED' });

/** The last message, of an agent that does not know how the job ended. */
export const complete: string = JSON.stringify({ type: 'complete' });

/** A scripted agent, and a client of it that is quick to come back and whose tails keep their events; both end with the test. */
export async function agentWith(script: AgentScript, options: Partial<AgentClientOptions> = {}) {
  const agent = await startScriptedAgent(script);
  const client = new AgentClient({
    baseURL: agent.url,
    agentToken: 'secret-token',
    reconnect: { initialDelayMs: 1, maxDelayMs: 5, giveUpAfterMs: 200 },
    ...options,
  });
  onTestFinished(async () => {
    await client.close();
    await agent.close();
  });
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
