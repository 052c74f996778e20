import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import WebSocket from 'ws';
import { openDashboardLaboratory } from './lab/dashboard-laboratory.js';

const token = 'token-of-the-gateway';
const headers = { authorization: token };

/**
 * For each driver: what the gateway is started with, and how to get a job that runs on and one that has ended. Readers of
 * the logs of `waiting` get no byte.
 */
const kinds = {
  async local() {
    const directory = await mkdtemp(join(tmpdir(), 'raywire-closing-'));
    onTestFinished(() => rm(directory, { recursive: true, force: true }));
    const submit = async (url: string, entrypoint: string): Promise<string> => {
      const body = JSON.stringify({ entrypoint });
      const request = { method: 'POST', headers: { ...headers, 'content-type': 'application/json' }, body };
      return (await (await fetch(`${url}/jobs/`, request)).json()).job_id;
    };
    return {
      place: directory,
      running: (url: string) => submit(url, 'echo up; exec sleep 60'),
      ended: (url: string) => submit(url, 'echo over'),
      waiting: async (url: string) => [await submit(url, 'exec sleep 60')],
    };
  },
  async ray() {
    const laboratory = await openDashboardLaboratory();
    onTestFinished(() => laboratory.close());
    const text = 'up\n'.repeat(100);
    const holdUntil = new Promise<void>(() => undefined);
    return {
      place: laboratory.proxy.url,
      running: async () =>
        laboratory.addJob({ text, life: 'running', dashboard: { growBytes: 9, holdUntil } }),
      ended: async () => laboratory.addJob({ text, life: 'ended' }),
      waiting: async () => {
        const lies = { status: 'PENDING', times: Number.POSITIVE_INFINITY } as const;
        const pending = laboratory.addJob({ text, life: 'running', dashboard: { lies } });
        const stuck = laboratory.addJob({ text, life: 'ended' });
        const log = laboratory.logOf('dashboard-ranges', stuck);
        laboratory.proxy.plan(log, [{ cut: { after: 10, how: 'silence' } }]);
        return [pending, stuck];
      },
    };
  },
};

it.each(['local', 'ray'] as const)('nothing of a closed gateway holds its process (%s)', async (kind) => {
  const { place, running, ended, waiting } = await kinds[kind]();
  const script = fileURLToPath(new URL('lab/closing-gateway.mjs', import.meta.url));
  const child = spawn(process.execPath, [script, kind, place], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, RAYWIRE_AGENT_TOKEN: token },
  });
  const exited = once(child, 'exit');
  onTestFinished(() => void child.kill('SIGKILL'));
  const printed = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const url = (await printed.next()).value as string;
  const [runningId, endedId] = [await running(url), await ended(url)];

  // Readers that have left, one of them in mid-stream: their logs linger.
  const leaving = new AbortController();
  const left = await fetch(`${url}/jobs/${runningId}/logs/stream/`, { headers, signal: leaving.signal });
  await left.body?.getReader().read();
  leaving.abort();
  await (await fetch(`${url}/jobs/${endedId}/logs/stream/`, { headers })).text();
  await (await fetch(`${url}/jobs/${endedId}/logs/`, { headers })).text();
  // Readers that stay. One of them takes nothing, and does not answer the close.
  const stream = await fetch(`${url}/jobs/${runningId}/logs/stream/`, { headers });
  onTestFinished(() => void stream.body?.cancel().catch(() => undefined));
  const tails = [0, 1].map(
    () => new WebSocket(`${url.replace('http', 'ws')}/jobs/${runningId}/logs/`, { headers }),
  );
  for (const tail of tails) onTestFinished(() => tail.terminate());
  await Promise.all(tails.map((tail) => once(tail, 'message')));
  tails[0]?.pause();
  // Readers that wait, some of them for an answer.
  for (const jobId of await waiting(url)) {
    for (const path of ['logs/stream/', 'logs/stream/?tail=1', 'logs/']) {
      const left = new AbortController();
      onTestFinished(() => left.abort());
      const answer = fetch(`${url}/jobs/${jobId}/${path}`, { headers, signal: left.signal });
      answer.then((response) => response.text()).catch(() => undefined);
    }
  }
  // Those requests are there when this one, which was sent after them, is answered.
  await (await fetch(`${url}/jobs/`, { headers })).text();

  child.kill('SIGTERM');
  const { before, after } = JSON.parse((await printed.next()).value as string);
  expect(after).toEqual(before);
  expect(await exited).toEqual([0, null]);
});
