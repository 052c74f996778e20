// What `npm start` runs: a gateway with no Ray behind it, a real job, and its log as it comes. Then the same log once
// more through a proxy that refuses WebSockets. Another job: npm start -- 'python train.py'
import { mkdtemp, rm } from 'node:fs/promises';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { AgentClient } from '@raywire/agent';
import { createGateway, localDriver } from '@raywire/gateway';
import { refuseUpgrades } from './refuse-upgrades.ts';
import { StatusLine } from './status-line.ts';

const entrypoint = process.argv[2] ?? `node '${join(import.meta.dirname, 'training-job.mjs')}'`;
const agentToken = crypto.randomUUID();
const directory = await mkdtemp(join(tmpdir(), 'raywire-tail-a-job-'));
const screen = new StatusLine(process.stdout);
const interruption = new AbortController();
let interruptedBy: NodeJS.Signals | undefined;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, () => {
    interruptedBy ??= signal;
    interruption.abort(new Error('interrupted'));
  });
}

const gateway = createGateway({ driver: localDriver({ directory }), token: agentToken, port: 0 });
await gateway.listen();
const client = new AgentClient({ baseURL: gateway.url, agentToken });
try {
  const { job_id: jobId } = await client.submitJob({ entrypoint });
  const exitCode = await watch(jobId);
  await watchThroughProxy(jobId);
  process.exitCode = exitCode;
} catch (error) {
  if (!interruption.signal.aborted) throw error;
  // A terminal that has hung up shows nothing, and writing to it would end us before the job is stopped.
  if (interruptedBy !== 'SIGHUP') {
    screen.set('');
    screen.print('interrupted');
  }
  process.exitCode = 128 + constants.signals[interruptedBy ?? 'SIGINT'];
} finally {
  await client.close();
  await gateway.close();
  await rm(directory, { recursive: true, force: true });
}

/** Prints the log of the job while it runs; resolves to the job's exit code. */
async function watch(jobId: string): Promise<number> {
  let count = 0;
  let transport = 'connecting';
  let partial = '';
  const draw = () => screen.set(`▶ ${transport} · line ${count} · ${partial}`);
  screen.print(`job ${jobId} on ${gateway.url}\n`);
  const tail = client.tailJobLogs(jobId, {
    signal: interruption.signal,
    onPartial: (text) => {
      partial = text;
      draw();
    },
    onEvent: (event) => {
      if (event.type === 'connect') transport = event.transport;
      draw();
    },
  });
  for await (const line of tail) {
    count += 1;
    screen.print(line);
    draw();
  }
  screen.set('');
  const end = await tail.end;
  const job = await client.getJob(jobId);
  screen.print(`\njob ${jobId}: ${job.status}, exit code ${end.exitCode}`);
  screen.print(`  first tail: ${end.lines} lines, ${end.bytes} bytes over ${end.transport}`);
  return end.exitCode ?? 1;
}

/** Tails the same job where the upgrade to a WebSocket is refused. */
async function watchThroughProxy(jobId: string): Promise<void> {
  const proxy = await refuseUpgrades(gateway.url);
  const behindProxy = new AgentClient({ baseURL: proxy.url, agentToken });
  try {
    const tail = behindProxy.tailJobLogs(jobId, {
      signal: interruption.signal,
      onEvent: (event) => {
        if (event.type !== 'fallback') return;
        screen.print(`  fallback: ${event.from} → ${event.to}, because: ${event.error.message}`);
      },
    });
    for await (const line of tail) screen.set(line);
    screen.set('');
    const end = await tail.end;
    screen.print(`  second tail: ${end.lines} lines, ${end.bytes} bytes over ${end.transport}`);
  } finally {
    await behindProxy.close();
    proxy.close();
  }
}
