// A reader in a process of its own that lets go of all it has: `node closing-reader.mjs <kind> <way> <url> <job>`. The
// way is `close`, `leave` (its tails and connections alone), or `giveUp` (before there was an answer). It prints what
// holds the process before it began and after it let go, and has to end by itself.
import { setImmediate } from 'node:timers/promises';
import { AgentClient } from '@raywire/agent';
import { memoryTransport } from '@raywire/core/memory';
import { DashboardClient } from '@raywire/dashboard';
import { httpTransport } from '@raywire/transport-http';
import { webSocketTransport } from '@raywire/transport-ws';

const [, , kind, way, url, jobId] = process.argv;
// Node opens the standard streams at their first use.
const { stdout, stderr: _stderr } = process;
const before = process.getActiveResourcesInfo();
const token = process.env.RAYWIRE_AGENT_TOKEN;

/** Tails of a client: one that waits for its next line, one that nobody reads on, and a wait for the job. */
function readByClient(client, protocol) {
  const signal = new AbortController();
  const tails = Array.from({ length: 3 }, () =>
    client.tailJobLogs(jobId, { protocol, signal: signal.signal, onPartial() {} }),
  );
  const iterators = tails.map((tail) => tail[Symbol.asyncIterator]());
  return {
    begun: async () => {
      await Promise.all(iterators.map((iterator) => iterator.next()));
      await client.getJob(jobId);
    },
    waiting: () => [drain(iterators[0]), drain(iterators[2])],
    others: () => [client.waitForJob(jobId), client.listJobs()],
    async leave() {
      await tails[0].close();
      await iterators[1].return();
      signal.abort(new Error('left'));
    },
    close: () => client.close(),
    giveUp: () => client.close(),
  };
}

/** Connections of a transport: one that is read, and one that is not. */
function readByTransport(transport, path, headers = { authorization: token }) {
  const signal = new AbortController();
  const open = () => transport.open({ url: path, headers, signal: signal.signal, connectTimeoutMs: 60_000 });
  const connections = Promise.all([open(), open()]);
  let iterator;
  return {
    begun: async () => {
      iterator = (await connections)[0][Symbol.asyncIterator]();
      await iterator.next();
    },
    waiting: () => [iterator === undefined ? connections : drain(iterator)],
    others: () => [],
    leave: async () => signal.abort(new Error('left')),
    giveUp: async () => signal.abort(new Error('left')),
    async close() {
      for (const connection of await connections) connection.close();
      await transport.close?.();
    },
  };
}

async function drain(iterator) {
  while (!(await iterator.next()).done);
}

const ws = () => url.replace('http', 'ws');
const kinds = {
  'agent websocket': () => readByClient(new AgentClient({ baseURL: url }), 'websocket'),
  'agent http': () => readByClient(new AgentClient({ baseURL: url }), 'http'),
  'dashboard websocket': () => readByClient(new DashboardClient({ address: url, token }), 'websocket'),
  'dashboard http': () => readByClient(new DashboardClient({ address: url, token }), 'http'),
  'transport-ws': () => readByTransport(webSocketTransport(), `${ws()}/jobs/${jobId}/logs/`),
  'transport-http': () => readByTransport(httpTransport(), `${url}/jobs/${jobId}/logs/stream/`),
  'memory transport': () => {
    const transport = memoryTransport(async (_request, peer) => {
      await peer.send('a line');
      await peer.closed;
    });
    return readByTransport(transport, 'http://nowhere.test/');
  },
};

const reader = kinds[kind]();
const begun = reader.begun();
// It is looked at below, with the others.
begun.catch(() => {});
if (way !== 'giveUp') await begun;
const settled = Promise.allSettled([begun, ...reader.waiting(), ...(way === 'leave' ? [] : reader.others())]);
// The waits have to be under way.
for (let turn = 0; turn < 5; turn++) await setImmediate();
await reader[way]();
await settled;
// A closed handle counts until the end of its turn.
for (let turn = 0; turn < 5; turn++) await setImmediate();
stdout.write(JSON.stringify({ before, after: process.getActiveResourcesInfo() }));
