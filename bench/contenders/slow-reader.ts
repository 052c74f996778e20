// A tail of a long log by a reader that pauses now and then. Arguments: <base URL> <lines> websocket|http
import { setTimeout as delay } from 'node:timers/promises';
import { AgentClient, StreamLimits } from '@raywire/agent';
import { measureSlowReader } from './slow-reading.ts';

await measureSlowReader((baseURL, wire) => {
  const client = new AgentClient({ baseURL, agentToken: 'bench', streamLimits: StreamLimits.unlimited() });
  return {
    async read(jobId, onLine) {
      const tail =
        wire === 'websocket' ? client.websocketTailJobLogs(jobId) : client.streamTailJobLogs(jobId);
      for await (const _line of tail) {
        const pauseMs = onLine();
        if (pauseMs !== undefined) await delay(pauseMs);
      }
    },
    close: () => client.close(),
  };
});
