import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { startTcpServer } from '@raywire/testing';
import { expect, it, onTestFinished } from 'vitest';
import { openDashboardLaboratory } from './lab/dashboard-laboratory.js';
import { openLaboratory } from './lab/laboratory.js';

const text = 'a line\n'.repeat(100);
const holdUntil = new Promise<void>(() => undefined);
const job = {
  text,
  life: 'running',
  gateway: { holdUntil },
  dashboard: { growBytes: 700, holdUntil },
} as const;
const script = fileURLToPath(new URL('lab/closing-reader.mjs', import.meta.url));

const KINDS = [
  'agent websocket',
  'agent http',
  'dashboard websocket',
  'dashboard http',
  'transport-ws',
  'transport-http',
  'memory transport',
];

const rows = KINDS.flatMap((kind) => ['close', 'leave', 'giveUp'].map((way) => ({ kind, way })));

/** A server with a job that runs on; or one that never answers. */
async function serve(kind: string, way: string): Promise<{ url: string; jobId: string }> {
  if (way === 'giveUp') {
    const mute = await startTcpServer((socket) => void socket.resume());
    onTestFinished(() => mute.close());
    return { url: mute.url.replace('tcp:', 'http:'), jobId: 'job' };
  }
  const laboratory = await (kind.startsWith('dashboard')
    ? openDashboardLaboratory()
    : openLaboratory('gateway'));
  onTestFinished(() => laboratory.close());
  return { url: laboratory.proxy.url, jobId: laboratory.addJob(job) };
}

it.each(rows)('nothing of a reader holds its process: $kind, $way', async ({ kind, way }) => {
  const { url, jobId } = await serve(kind, way);
  const child = spawn(process.execPath, [script, kind, way, url, jobId], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, RAYWIRE_AGENT_TOKEN: 'token-of-the-laboratory' },
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let printed = '';
  child.stdout.on('data', (part) => {
    printed += part;
  });
  expect(await once(child, 'close')).toEqual([0, null]);
  const { before, after } = JSON.parse(printed);
  expect(after).toEqual(before);
});
