import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { AgentClient } from '@raywire/agent';
import { spawnGateway } from '@raywire/testing';
import { expect, it, onTestFinished } from 'vitest';

const token = 'token-of-many-jobs';
const JOBS = 20_000;
const LISTS = 8;
/** Of each job. All lists together are 330 MB. */
const METADATA_BYTES = 1_900;

/** Adds jobs that have ended to the store of a gateway that is not running. */
function addJobs(directory: string): void {
  const database = new DatabaseSync(join(directory, 'jobs.sqlite'));
  const insert = database.prepare(
    "INSERT INTO jobs (id, submission, status, start_time, end_time) VALUES (?, ?, 'SUCCEEDED', 1, 2)",
  );
  const metadata = { team: 'vision', note: 'x'.repeat(METADATA_BYTES) };
  database.exec('BEGIN');
  for (let index = 0; index < JOBS; index++) {
    insert.run(`job-${index}`, JSON.stringify({ entrypoint: `python train.py ${index}`, metadata }));
  }
  database.exec('COMMIT');
  database.close();
}

/** The most memory that a process has had, in MiB. */
async function peakMemory(pid: number): Promise<number> {
  const [, kibibytes] = /VmHWM:\s+(\d+)/.exec(await readFile(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kibibytes) / 1024;
}

it('health is answered, and memory stays small, while eight clients list many jobs with fat metadata', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'raywire-many-jobs-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  const maker = await spawnGateway({ token, directory });
  await maker.close();
  addJobs(directory);
  const gateway = await spawnGateway({ token, directory });
  onTestFinished(() => gateway.close());
  const client = new AgentClient({ baseURL: gateway.url, agentToken: token });
  onTestFinished(() => client.close());
  await client.healthCheck();
  const memoryBefore = await peakMemory(gateway.pid);

  // Not by a client, whose parsing would keep this process busy, and its clock.
  const list = async (): Promise<number> => {
    const response = await fetch(`${gateway.url}/jobs/`, { headers: { authorization: token } });
    let bytes = 0;
    for await (const chunk of response.body as AsyncIterable<Uint8Array>) bytes += chunk.length;
    return bytes;
  };
  let isListing = true;
  const lists = Promise.all(Array.from({ length: LISTS }, list)).finally(() => {
    isListing = false;
  });
  const waits: number[] = [];
  while (isListing) {
    const start = performance.now();
    await client.healthCheck();
    waits.push(performance.now() - start);
  }
  for (const bytes of await lists) expect(bytes).toBeGreaterThan(JOBS * METADATA_BYTES);
  const longest = Math.max(...waits);
  const memory = (await peakMemory(gateway.pid)) - memoryBefore;
  console.log(
    `${waits.length} answers, the longest after ${longest.toFixed(1)} ms; ${memory.toFixed(0)} MiB more memory`,
  );
  // Lists that are encoded as a whole leave time for 16 answers, and take 1,200 MiB.
  expect(waits.length).toBeGreaterThan(100);
  expect(longest).toBeLessThan(1_000);
  expect(memory).toBeLessThan(250);

  const page = await client.listJobs({ limit: 100, metadata: { team: 'vision' }, entrypoint: ' 1' });
  expect(page).toMatchObject({ length: 100, truncated: true });
});
