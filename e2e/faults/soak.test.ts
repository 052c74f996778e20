import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, it } from 'vitest';
import { isLong } from './lab/extent.js';

/** Ten minutes in the long run; `RAYWIRE_SOAK_SECONDS` sets another time, and runs it in the short one too. */
const SECONDS = Number(process.env.RAYWIRE_SOAK_SECONDS ?? (isLong ? 600 : 0));
const SAMPLES = 12;
const MEBIBYTE = 1024 * 1024;

/** A process in its quiet, after a collection. */
interface Measured {
  heap: number;
  rss: number;
  files: number;
  jobs?: number;
  tails?: number;
  lines?: number;
}

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

function start(program: URL, argument: string): { child: ChildProcess; failures: string[] } {
  const child = fork(fileURLToPath(program), [argument], {
    execArgv: ['--expose-gc'],
    env: { ...process.env, RAYWIRE_AGENT_TOKEN: 'token-of-the-soak' },
  });
  const failures: string[] = [];
  const exited = once(child, 'exit').then(([code]) =>
    failures.push(`${program.pathname} ended with ${code}`),
  );
  child.on('message', ({ failure }: { failure?: string }) => {
    if (failure !== undefined) failures.push(failure);
  });
  closing.push(async () => {
    if (child.connected) child.disconnect();
    await exited;
  });
  return { child, failures };
}

async function measure(child: ChildProcess): Promise<Measured> {
  child.send('measure');
  for (;;) {
    const [message] = (await once(child, 'message')) as [{ measured?: Measured }];
    if (message.measured !== undefined) return message.measured;
  }
}

it.runIf(SECONDS > 0)(
  `jobs and viewers that come and go for ${SECONDS} s leave nothing behind`,
  async () => {
    const directory = await mkdtemp(join(tmpdir(), 'raywire-soak-'));
    closing.push(() => rm(directory, { recursive: true, force: true }));
    const gateway = start(new URL('lab/soak-gateway.mjs', import.meta.url), directory);
    const [{ url }] = (await once(gateway.child, 'message')) as [{ url: string }];
    const viewers = start(new URL('lab/soak-client.mjs', import.meta.url), url);
    const samples: { gateway: Measured; client: Measured }[] = [];
    for (let sample = 0; sample < SAMPLES; sample++) {
      await new Promise((resolve) => setTimeout(resolve, (SECONDS * 1_000) / SAMPLES));
      expect([...gateway.failures, ...viewers.failures]).toEqual([]);
      const client = await measure(viewers.child);
      samples.push({ client, gateway: await measure(gateway.child) });
      viewers.child.send('go on');
    }
    console.table(
      samples.flatMap(({ gateway, client }) => ({
        ...rowOf('gateway', gateway),
        ...rowOf('client', client),
        jobs: client.jobs,
        tails: client.tails,
        lines: client.lines,
      })),
    );
    // The first quarter warms up: code is compiled, buffers and pools come to their size.
    const steady = samples.slice(SAMPLES / 4);
    for (const of of ['gateway', 'client'] as const) {
      const [first, ...rest] = steady.map((sample) => sample[of]) as [Measured, ...Measured[]];
      for (const { heap, rss, files } of rest) {
        expect(files, `files of the ${of}`).toBeLessThanOrEqual(first.files + 4);
        expect(heap, `heap of the ${of}`).toBeLessThan(first.heap + 2 * MEBIBYTE);
        expect(rss, `memory of the ${of}`).toBeLessThan(first.rss + 64 * MEBIBYTE);
      }
    }
    expect(samples.at(-1)?.client.jobs).toBeGreaterThan(SECONDS / 2);
  },
  SECONDS * 2_000 + 60_000,
);

function rowOf(name: string, { heap, rss, files }: Measured): Record<string, string | number> {
  const mebibytes = (bytes: number) => (bytes / MEBIBYTE).toFixed(1);
  return { [`${name} heap`]: mebibytes(heap), [`${name} RSS`]: mebibytes(rss), [`${name} files`]: files };
}
