import { AgentClient, type AgentClientOptions } from '@raywire/agent';
import { onTestFinished } from 'vitest';
import { type AgentScript, startScriptedAgent } from '../servers/scripted-agent.js';

/** An agent that does as scripted, and a client of it that is quick to come back; both end with the test. */
export async function agentWith(script: AgentScript, options: Partial<AgentClientOptions> = {}) {
  const agent = await startScriptedAgent(script);
  const client = new AgentClient({
    baseURL: agent.url,
    agentToken: 'secret-token',
    reconnect: { initialDelayMs: 1, maxDelayMs: 5 },
    ...options,
  });
  onTestFinished(async () => {
    await client.close();
    await agent.close();
  });
  return { agent, client };
}

/** What an answer of type `text/event-stream` begins with. */
export const SSE: Record<string, string> = { 'content-type': 'text/event-stream; charset=utf-8' };

/** An SSE event. */
export const event = (value: unknown): string => `data: ${JSON.stringify(value)}\n\n`;

/** The last one. */
export const COMPLETE: string = event({ type: 'complete', status: 'SUCCEEDED' });
