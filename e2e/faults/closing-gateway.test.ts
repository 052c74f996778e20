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

/** For each driver: what the gateway is started with, and how to get a job that runs on and one that has ended. */
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
    };
  },
};

it.each(['local', 'ray'] as const)('nothing of a closed gateway holds its process (%s)', async (kind) => {
  const { place, running, ended } = await kinds[kind]();
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

  child.kill('SIGTERM');
  const { before, after } = JSON.parse((await printed.next()).value as string);
  expect(after).toEqual(before);
  expect(await exited).toEqual([0, null]);
});
