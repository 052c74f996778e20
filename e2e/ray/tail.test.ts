import { type ClientError, NotFoundError, StreamInterruptedError } from '@raywire/core';
import type { DashboardClient, LogTail, TailCursor, TailEvent, TailOptions } from '@raywire/dashboard';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { IS_OLDER_RAY } from './python-environment.ts';
import { AFTER_BAD_BYTE, canonicalLines, driverLog, exactLines, jobCommand, newClient } from './ray-suite.ts';

/** The three ways to a log: each alone. */
const WAYS = {
  ranges: { source: 'dashboard-ranges', options: {}, lines: exactLines },
  files: { source: 'dashboard-files', options: { protocol: 'http' }, lines: exactLines },
  websocket: { source: 'dashboard-websocket', options: { protocol: 'websocket' }, lines: canonicalLines },
} as const;
type Way = keyof typeof WAYS;
const ways = Object.keys(WAYS) as Way[];

let client: DashboardClient;
let withoutAgents: DashboardClient;

beforeAll(() => {
  client = newClient();
  withoutAgents = newClient({ nodeAgents: false });
});

afterAll(async () => {
  await Promise.all([client.close(), withoutAgents.close()]);
});

function tailBy(way: Way, jobId: string, options: TailOptions = {}): { tail: LogTail; sources: string[] } {
  const sources: string[] = [];
  const onEvent = (event: TailEvent): void => {
    if (event.type === 'connect') sources.push(event.source);
    options.onEvent?.(event);
  };
  const reader = way === 'files' ? withoutAgents : client;
  const tail = reader.tailJobLogs(jobId, {
    carriageReturn: 'keep',
    ...WAYS[way].options,
    ...options,
    onEvent,
  });
  return { tail, sources };
}

async function linesOf(tail: AsyncIterable<string>): Promise<string[]> {
  const lines: string[] = [];
  for await (const line of tail) lines.push(line);
  return lines;
}

async function start(command: string): Promise<string> {
  return (await client.submitJob({ entrypoint: command })).submission_id;
}

/** Tails by one way while the job runs, and again after its end, and compares both with the file. */
async function tailTwice(way: Way, jobId: string): Promise<LogTail['end']> {
  const live = tailBy(way, jobId);
  const lines = await linesOf(live.tail);
  const expected = WAYS[way].lines(driverLog(jobId));
  expect(lines).toEqual(expected);
  expect(await linesOf(tailBy(way, jobId).tail)).toEqual(expected);
  expect(new Set(live.sources)).toEqual(new Set([WAYS[way].source]));
  return live.tail.end;
}

/** The same job by many ways at once: starting one costs the cluster more than its tails. */
async function byAll(some: readonly Way[], jobId: string, expected: object): Promise<void> {
  await Promise.all(
    some.map(async (way) => expect(await tailTwice(way, jobId), way).toMatchObject(expected)),
  );
}

describe.concurrent('a job tailed by ranges, by files and by the WebSocket', () => {
  it('gives 200,000 lines that are written at full speed', async () => {
    const complete = { reason: 'complete', jobStatus: 'SUCCEEDED', exitCode: 0, reconnects: 0 };
    const jobId = await start(jobCommand('lines.py', 200_000));
    await byAll(ways, jobId, complete);
    expect(exactLines(driverLog(jobId)).length).toBeGreaterThanOrEqual(200_000);
  });

  it('gives a progress bar, Windows line ends and wide characters', async () => {
    await byAll(ways, await start(jobCommand('progress.py')), { reason: 'complete' });
  });

  it('gives the last line that has no newline', async () => {
    await byAll(ways, await start(jobCommand('unfinished.py')), { reason: 'complete', exitCode: 0 });
  });

  it('says that the entrypoint failed, with its exit code', async () => {
    const jobId = await start('echo this is all; exit 3');
    await byAll(ways, jobId, { reason: 'complete', jobStatus: 'FAILED', exitCode: 3 });
  });

  it('ends when the job is stopped in the middle of its log', async () => {
    const jobId = await start(jobCommand('ticks.py', 60));
    let waiting = ways.length;
    const readers = ways.map(async (way) => {
      const { tail } = tailBy(way, jobId);
      const lines: string[] = [];
      for await (const line of tail) {
        if (lines.push(line) !== 20) continue;
        // All are in the middle of it.
        if (--waiting === 0) expect(await client.stopJob(jobId)).toEqual({ stopped: true });
      }
      expect(lines).toEqual(WAYS[way].lines(driverLog(jobId)));
      expect(await tail.end).toMatchObject({ reason: 'complete', jobStatus: 'STOPPED' });
    });
    await Promise.all(readers);
  });

  it('is 404 for a job that does not exist', async () => {
    for (const way of ways) {
      const { tail } = tailBy(way, 'raysubmit_nobody');
      await expect(linesOf(tail)).rejects.toSatisfy((error) => NotFoundError.isInstance(error));
      expect((await tail.end).reason).toBe('failed');
    }
  });

  it('begins some lines before the end, and resumes at a cursor in the middle', async () => {
    const jobId = await start(jobCommand('lines.py', 5_000));
    await client.waitForJob(jobId);
    const readers = ways.flatMap((way) => {
      const expected = WAYS[way].lines(driverLog(jobId));
      const lasts = [0, 1, 10, 4_000].map(async (tailLines) => {
        const { tail } = tailBy(way, jobId, { tailLines });
        expect(await linesOf(tail)).toEqual(tailLines === 0 ? [] : expected.slice(-tailLines));
      });
      const resume = async (): Promise<void> => {
        const { tail } = tailBy(way, jobId);
        const first: string[] = [];
        for await (const line of tail) if (first.push(line) === 1_234) break;
        const cursor = JSON.parse(JSON.stringify(tail.cursor)) as TailCursor;
        const rest = await linesOf(tailBy(way, jobId, { cursor }).tail);
        expect([...first, ...rest]).toEqual(expected);
      };
      return [...lasts, resume()];
    });
    await Promise.all(readers);
  });

  it('ends at the present end where that is asked', async () => {
    const running = await start(jobCommand('silence.py', 60));
    const readers = ways.map(async (way) => {
      const before = tailBy(way, running);
      for await (const line of before.tail) if (line === 'before') break;
      const { tail } = tailBy(way, running, { follow: false });
      expect((await linesOf(tail)).at(-1)).toBe('before');
      expect(await tail.end).toMatchObject({ reason: 'caughtUp', jobStatus: 'RUNNING' });
    });
    await Promise.all(readers);
    await client.stopJob(running);
  });
});

describe.concurrent('a job tailed by a byte-exact way', () => {
  const exact = ['ranges', 'files'] as const;

  it('is read past a byte that is not UTF-8, and gives the exit code', async () => {
    const failed = { reason: 'complete', jobStatus: 'FAILED', exitCode: AFTER_BAD_BYTE };
    await byAll(exact, await start(jobCommand('bad_byte.py')), failed);
  });

  it('is read past a line of 5 MB', async () => {
    await byAll(exact, await start(jobCommand('long_line.py')), { reason: 'complete' });
  });
});

describe.concurrent("Ray's WebSocket alone", () => {
  it.each([
    ['a byte that is not UTF-8', 'bad_byte.py', /^before 99$/],
    ['a line of 5 MB', 'long_line.py', /^short$/],
  ])('ends at %s with a 503 and what came before, never as complete', async (_what, script, lastLine) => {
    const jobId = await start(jobCommand(script));
    const { tail } = tailBy('websocket', jobId);
    const lines: string[] = [];
    const reading = (async () => {
      for await (const line of tail) lines.push(line);
    })();
    await expect(reading).rejects.toSatisfy((error) => StreamInterruptedError.isInstance(error));
    const end = await tail.end;
    expect(end.reason).not.toBe('complete');
    expect(lines).toEqual(canonicalLines(driverLog(jobId)).slice(0, lines.length));
    expect(lines.some((line) => lastLine.test(line))).toBe(true);
  });

  it('goes over to the file where it dies, and loses and repeats nothing', async () => {
    const jobId = await start(jobCommand('bad_byte.py'));
    const { tail, sources } = tailBy('files', jobId, { protocol: 'auto' });
    const lines = await linesOf(tail);
    expect(sources).toContain('dashboard-websocket');
    expect(sources.at(-1)).toBe('dashboard-files');
    expect(lines).toEqual(exactLines(driverLog(jobId)));
    expect(await tail.end).toMatchObject({ reason: 'complete', exitCode: AFTER_BAD_BYTE });
  });
});

describe.concurrent('a tail', () => {
  it('waits for a job that is pending, and says so', async () => {
    const blocker = await client.submitJob({ entrypoint: 'sleep 6', entrypointNumCpus: 2 });
    const pending = await client.submitJob({ entrypoint: 'echo at last', entrypointNumCpus: 2 });
    const readers = ways.map(async (way) => {
      const statuses: string[] = [];
      const onEvent = (event: TailEvent): void => {
        if (event.type === 'waiting') statuses.push(event.jobStatus);
      };
      const lines = await linesOf(tailBy(way, pending.submission_id, { onEvent }).tail);
      expect(statuses).toContain('PENDING');
      expect(lines).toEqual(WAYS[way].lines(driverLog(pending.submission_id)));
      expect(lines).toContain('at last');
    });
    await Promise.all(readers);
    await client.waitForJob(blocker.submission_id);
  });

  it('of an actor says that it was restarted, and goes on in its new log where that is asked', async () => {
    const { submission_id: jobId } = await client.submitJob({ entrypoint: jobCommand('restarted_actor.py') });
    const found = async () =>
      (await client.listActors({ filters: { class_name: 'Mortal' } })).items.find(({ pid }) => pid);
    await expect.poll(found, { timeout: 30_000 }).toBeDefined();
    const actorId = String((await found())?.actor_id);
    const strict = linesOf(client.tailActorLogs(actorId));
    const gaps: string[] = [];
    const going = linesOf(
      client.tailActorLogs(actorId, {
        onGap: 'continue',
        onEvent: (event) => {
          if (event.type === 'gap') gaps.push(event.error.message);
        },
      }),
    );
    await expect(strict).rejects.toMatchObject({
      code: 'STREAM_GAP',
      message: expect.stringContaining('restarted'),
    });
    const spoken = (await going).filter((line) => line.endsWith(' life'));
    expect(spoken).toEqual(['first life', 'second life']);
    expect(gaps).toHaveLength(1);
    await client.waitForJob(jobId);
  });

  it('bears 40 s of silence, by all ways and twice at once', async () => {
    const jobId = await start(jobCommand('silence.py', 40));
    const readers = [...ways, ...ways].map(async (way) => {
      const broken: string[] = [];
      const onEvent = (event: TailEvent): void => {
        if (event.type !== 'reconnect') return;
        const { code, message } = event.error as ClientError;
        // Ray 2.40 now and then closes its WebSocket before the last lines (mended by ray#44709), which is noticed.
        if (IS_OLDER_RAY && /Ray closed the WebSocket after \d+ of \d+ bytes/.test(message)) return;
        broken.push(`${event.source}: ${code} ${message}`);
      };
      const { tail } = tailBy(way, jobId, { onEvent });
      const printed = (await linesOf(tail)).filter((line) => line === 'before' || line === 'after');
      // Not the last two: on a busy machine the job is quicker than the line "Running entrypoint", which Ray's
      // job_supervisor.py buffers until the job runs.
      expect(printed).toEqual(['before', 'after']);
      expect(broken).toEqual([]);
      expect(await tail.end).toMatchObject({ reason: 'complete' });
    });
    await Promise.all(readers);
  });
});
