// The viewers of the soak: `node --expose-gc soak-client.mjs <url>`, with an IPC channel. Jobs are submitted, seen by
// viewers who come and go, compared line by line, and deleted; one client serves them all, and others only some.
import { once } from 'node:events';
import { AgentClient } from '@raywire/agent';
import { answerMeasurements } from './measured.mjs';

const CONCURRENT_JOBS = 6;
const VIEWERS = 4;
const [, , baseURL] = process.argv;
const counts = { jobs: 0, tails: 0, lines: 0 };
const newClient = () => new AgentClient({ baseURL });
let shared = newClient();
const any = (below) => Math.floor(Math.random() * below);

/** Reads a log from its beginning to its end, leaving and coming back on the way. */
async function view(jobId, expected) {
  const lines = [];
  for (let cursor; ; ) {
    const client = any(3) === 0 ? newClient() : shared;
    const protocol = ['auto', 'websocket', 'http'][any(3)];
    const leaveAfter = any(4) === 0 ? Number.POSITIVE_INFINITY : 1 + any(expected);
    const tail = client.tailJobLogs(jobId, { protocol, ...(cursor && { cursor }) });
    counts.tails++;
    let taken = 0;
    for await (const line of tail) {
      lines.push(line);
      if (++taken === leaveAfter) break;
    }
    ({ cursor } = tail);
    const { reason } = await tail.end;
    if (client !== shared) await client.close();
    if (reason === 'complete') break;
  }
  const wrong = lines.findIndex((line, index) => line !== `line ${index}`);
  if (wrong >= 0 || lines.length !== expected) {
    throw new Error(`${jobId}: ${lines.length} of ${expected} lines, line ${wrong} is ${lines[wrong]}`);
  }
  counts.lines += lines.length;
}

async function runOne() {
  const lines = 1 + any(2_000);
  const half = Math.floor(lines / 2);
  const write = (from, to) => `seq -f 'line %.0f' ${from} ${to - 1}`;
  const entrypoint = `${write(0, half)}; sleep 0.${any(10)}; ${write(half, lines)}`;
  const { job_id: jobId } = await shared.submitJob({ entrypoint });
  await Promise.all(Array.from({ length: VIEWERS }, () => view(jobId, lines)));
  await shared.deleteJob(jobId);
  counts.jobs++;
}

let paused = Promise.resolve();
let goOn = () => {};
const idle = new Set();
const gate = new EventTarget();

async function work(worker) {
  for (;;) {
    idle.add(worker);
    gate.dispatchEvent(new Event('idle'));
    await paused;
    idle.delete(worker);
    await runOne();
  }
}

process.on('message', (message) => {
  if (message === 'go on') goOn();
});
answerMeasurements(async () => {
  paused = new Promise((resolve) => {
    goOn = resolve;
  });
  while (idle.size < CONCURRENT_JOBS) await once(gate, 'idle');
  // Its pool is as large as the most calls that it ever made at once; without it, nothing is to be open.
  await shared.close();
  shared = newClient();
  return counts;
});
for (let worker = 0; worker < CONCURRENT_JOBS; worker++) {
  work(worker).catch((error) => process.send({ failure: String(error.stack) }));
}
process.once('disconnect', () => process.exit());
