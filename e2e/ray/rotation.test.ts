import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { DashboardClient, StreamLimits, type TailEvent } from '@raywire/dashboard';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RayCluster } from './ray-cluster.ts';
import { jobCommand } from './ray-suite.ts';

const LINES = 400;
let cluster: RayCluster;
let client: DashboardClient;
let headOnly: DashboardClient;

beforeAll(async () => {
  cluster = await RayCluster.start({ rotation: { maxBytes: 20_000, backups: 2 } });
  const { address } = cluster;
  const streamLimits = StreamLimits.unlimited();
  client = new DashboardClient({ address, streamLimits });
  headOnly = new DashboardClient({ address, streamLimits, nodeAgents: false });
});

afterAll(async () => {
  await Promise.all([client.close(), headOnly.close()]);
  await cluster.stop();
});

/** A job with an actor that prints so many lines whenever it is told to. */
async function startPrinter(bursts: number, kind: 'numbered' | 'equal' = 'numbered') {
  const folder = mkdtempSync(join(tmpdir(), 'raywire-rotating-'));
  const words = [folder, LINES, bursts, ...(kind === 'equal' ? [kind] : [])];
  const { submission_id: jobId } = await client.submitJob({
    entrypoint: jobCommand('rotating.py', ...words),
  });
  const burst = async (number: number): Promise<void> => {
    writeFileSync(join(folder, `go-${number}`), '');
    while (!existsSync(join(folder, `done-${number}`))) await delay(20);
  };
  await burst(0);
  const actor = (await client.listActors()).find(
    ({ class_name, state }) => class_name === 'Printer' && state === 'ALIVE',
  );
  return {
    actorId: String(actor?.actor_id),
    burst,
    async end(): Promise<void> {
      writeFileSync(join(folder, 'end'), '');
      await client.waitForJob(jobId);
      rmSync(folder, { recursive: true });
    },
  };
}

function numbersOf(lines: readonly string[]): number[] {
  return lines.filter((line) => line.startsWith('line ')).map((line) => Number(line.slice(5, 11)));
}

const upTo = (count: number, from = 0): number[] =>
  Array.from({ length: count - from }, (_, index) => from + index);

describe.each([
  ['byte ranges', () => client],
  ['the head alone', () => headOnly],
])('the log of an actor that Ray rotates, by %s', (_name, reader) => {
  it('is read through rotations while it is followed', async () => {
    const printer = await startPrinter(3);
    const events: TailEvent[] = [];
    const tail = reader().tailActorLogs(printer.actorId, { onEvent: (event) => events.push(event) });
    const got: string[] = [];
    for await (const line of tail) {
      got.push(line);
      const count = numbersOf(got).length;
      if (count === LINES) await printer.burst(1);
      else if (count === 2 * LINES) await printer.burst(2);
      else if (count === 3 * LINES) await printer.end();
    }
    expect(numbersOf(got)).toEqual(upTo(3 * LINES));
    expect(await tail.end).toMatchObject({ reason: 'complete' });
  });

  it('begins with the oldest file that is there, and says so', async () => {
    const printer = await startPrinter(3);
    await printer.burst(1);
    await printer.burst(2);
    await printer.end();
    const events: TailEvent[] = [];
    const got: string[] = [];
    for await (const line of reader().tailActorLogs(printer.actorId, {
      onEvent: (event) => events.push(event),
    }))
      got.push(line);
    const numbers = numbersOf(got);
    expect(numbers.length).toBeGreaterThan(LINES);
    expect(numbers).toEqual(upTo(3 * LINES, numbers[0]));
    expect(events).toContainEqual({ type: 'rotated', olderFiles: 2 });
    const last = [];
    for await (const line of reader().tailActorLogs(printer.actorId, { tailLines: LINES + 100 }))
      last.push(line);
    expect(last).toEqual(got.slice(-(LINES + 100)));
  });

  it('goes on at a cursor after one rotation, and tells a gap after more than Ray keeps, each time', async () => {
    const printer = await startPrinter(6);
    const got: string[] = [];
    const readSome = async (count: number, options: object): Promise<unknown> => {
      const tail = reader().tailActorLogs(printer.actorId, options);
      for await (const line of tail) {
        got.push(line);
        if (numbersOf(got).length === count) break;
      }
      return tail.cursor;
    };
    let cursor = await readSome(100, {});
    await printer.burst(1);
    cursor = await readSome(2 * LINES, { cursor });
    expect(numbersOf(got)).toEqual(upTo(2 * LINES));
    // Three rotations or more: two older files are kept.
    for (let number = 2; number < 6; number++) await printer.burst(number);
    await printer.end();
    await expect(readSome(Number.POSITIVE_INFINITY, { cursor })).rejects.toMatchObject({
      code: 'STREAM_GAP',
    });
    const events: TailEvent[] = [];
    const after: string[] = [];
    const options = {
      cursor: cursor as never,
      onGap: 'continue',
      onEvent: (event: TailEvent) => events.push(event),
    } as const;
    for await (const line of reader().tailActorLogs(printer.actorId, options)) after.push(line);
    expect(events.map(({ type }) => type)).toContain('gap');
    const numbers = numbersOf(after);
    expect(numbers).toEqual(upTo(6 * LINES, numbers[0]));
  });
});

it('equal lines are counted through rotations', async () => {
  const printer = await startPrinter(3, 'equal');
  // Without an older file to count from, an equal one that has gone could not be told from the first.
  await printer.burst(1);
  let count = 0;
  for await (const line of client.tailActorLogs(printer.actorId)) {
    if (line.startsWith('line ')) count += 1;
    else continue;
    if (count === 2 * LINES) await printer.burst(2);
    else if (count === 3 * LINES) await printer.end();
  }
  expect(count).toBe(3 * LINES);
});

it('a task whose lines nobody can tell from others is explained, not empty', async () => {
  const printer = await startPrinter(1);
  const task = (await client.listTasks()).items.findLast(
    ({ name, state }) => name === 'task' && state === 'FINISHED',
  );
  await printer.end();
  const read = async (): Promise<void> => {
    for await (const _ of client.tailTaskLogs(String(task?.task_id))) expect.unreachable();
  };
  await expect(read()).rejects.toMatchObject({ code: 'NO_TASK_LOG' });
  expect(readdirSync(cluster.logFile('')).some((name) => name.endsWith('.out.1'))).toBe(true);
});
