import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AgentClient, StreamLimits, type TailEvent } from '@raywire/agent';
import { StreamGapError } from '@raywire/core';
import { createGateway, localDriver } from '@raywire/gateway';
import { describe, expect, it, onTestFinished } from 'vitest';

const token = 'token-of-the-gateway';
const MIB = 1024 * 1024;

/** A job that prints numbered lines of 100 bytes for ever, so many at a time, on a gateway that keeps 1 MiB of them. */
async function printForEver(linesAtOnce: number) {
  const directory = await mkdtemp(join(tmpdir(), 'raywire-dropped-'));
  const gateway = createGateway({ driver: localDriver({ directory, maxLogBytes: MIB }), token });
  await gateway.listen();
  const client = new AgentClient({
    baseURL: gateway.url,
    agentToken: token,
    streamLimits: StreamLimits.unlimited(),
  });
  onTestFinished(async () => {
    await client.close();
    await gateway.close();
    await rm(directory, { recursive: true });
  });
  const entrypoint = `n=0; while :; do seq -f '%099.0f' $n $((n + ${linesAtOnce - 1})); n=$((n + ${linesAtOnce})); sleep 0.05; done`;
  const { submission_id: id } = await client.submitJob({ entrypoint });
  const dropped = async (atLeast: number): Promise<void> => {
    const record = async () =>
      Number((await readFile(join(directory, 'logs', `${id}.dropped`), 'latin1')).slice(0, 20));
    await expect.poll(record, { timeout: 30_000 }).toBeGreaterThanOrEqual(atLeast);
  };
  return { client, id, dropped };
}

describe.runIf(process.platform === 'linux').each(['websocket', 'http'])(
  'a log whose oldest lines are dropped, tailed by %s',
  (protocol) => {
    it('begins at the first line that is left, says what was dropped, and goes on from a cursor', async () => {
      const { client, id, dropped } = await printForEver(250);
      await dropped(1);
      const events: TailEvent[] = [];
      const tail = client.tailJobLogs(id, { protocol, onEvent: (event) => events.push(event) });
      const numbers: number[] = [];
      for await (const line of tail) if (numbers.push(Number(line)) === 5_000) break;
      const [first] = numbers as [number];
      expect(events).toContainEqual({ type: 'dropped', bytes: first * 100 });
      const resumed = client.tailJobLogs(id, { protocol, cursor: tail.cursor });
      for await (const line of resumed) if (numbers.push(Number(line)) === 10_000) break;
      expect(numbers).toEqual(numbers.map((_, index) => first + index));
    }, 60_000);

    it('ends a tail that falls behind by a gap, and goes on behind it if that is wanted', async () => {
      const { client, id, dropped } = await printForEver(5_000);
      const events: TailEvent[] = [];
      const tail = client.tailJobLogs(id, { protocol });
      const going = client.tailJobLogs(id, {
        protocol,
        onGap: 'continue',
        onEvent: (event) => events.push(event),
      });
      const reads = { strict: [] as number[], going: [] as number[] };
      const next = tail[Symbol.asyncIterator]();
      const goNext = going[Symbol.asyncIterator]();
      const read = async (iterator: AsyncIterator<string>, into: number[]): Promise<void> => {
        const { value } = await iterator.next();
        into.push(Number(value));
      };
      await read(next, reads.strict);
      await read(goNext, reads.going);
      // More than what is on its way in sockets and queues.
      await dropped(40 * MIB);
      await expect(
        (async () => {
          for (;;) await read(next, reads.strict);
        })(),
      ).rejects.toThrow(StreamGapError);
      expect(reads.strict).toEqual(reads.strict.map((_, index) => index));
      while (!events.some(({ type }) => type === 'dropped')) await read(goNext, reads.going);
      for (let more = 0; more < 1_000; more += 1) await read(goNext, reads.going);
      await going.close();
      const jumps = reads.going.filter(
        (number, index) => index > 0 && number !== (reads.going[index - 1] ?? 0) + 1,
      );
      expect(reads.going).toEqual([...new Set(reads.going)].sort((one, other) => one - other));
      expect(jumps.length).toBeGreaterThan(0);
      expect(jumps.length).toBeLessThanOrEqual(events.filter(({ type }) => type === 'gap').length);
    }, 60_000);
  },
);
