import { describe, expect, test } from 'vitest';
import type { LogConnection } from '../contracts/log-transport.js';
import { QueuedConnection, type QueuedSocket } from './queued-connection.js';

function connectionOf(changes: Partial<QueuedSocket> = {}): {
  connection: QueuedConnection;
  controller: AbortController;
  calls: string[];
} {
  const calls: string[] = [];
  const controller = new AbortController();
  const connection = new QueuedConnection({
    status: 200,
    signal: controller.signal,
    pause: () => calls.push('pause'),
    resume: () => calls.push('resume'),
    terminate: () => calls.push('terminate'),
    released: () => calls.push('released'),
    ...changes,
  });
  return { connection, controller, calls };
}

async function drain(connection: LogConnection): Promise<{ frames: unknown[]; error?: unknown }> {
  const frames: unknown[] = [];
  try {
    for await (const frame of connection) frames.push(frame);
  } catch (error) {
    return { frames, error };
  }
  return { frames };
}

describe('QueuedConnection', () => {
  test('pauses the socket at its bound, and lets it go on when the reader has caught up', () => {
    const { connection, calls } = connectionOf({ bufferBytes: 200 });
    for (const frame of ['one', 'two', 'three']) connection.push(frame);
    expect(calls).toEqual(['pause']);
    expect(connection.takeBuffered()).toEqual(['one', 'two', 'three']);
    expect(calls).toEqual(['pause', 'resume']);
  });

  test('ends as the peer says, after the frames before it, and leaves the socket alone', async () => {
    const { connection, controller, calls } = connectionOf();
    connection.push('one');
    connection.end({ clean: true, code: 1000 });
    connection.push('late');
    controller.abort();
    connection.close();
    expect(calls).toEqual(['released']);
    expect(await connection.closed).toEqual({ clean: true, code: 1000 });
  });

  test('throws the error of its end once, after the frames before it', async () => {
    const { connection } = connectionOf();
    const error = new Error('lost');
    connection.push('one');
    connection.end({ clean: false }, error);
    expect(await drain(connection)).toEqual({ frames: ['one'], error });
    expect(await connection.closed).toEqual({ clean: false });
  });

  test('frees the socket once when it is broken, and ends what waits by the error', async () => {
    const { connection, calls } = connectionOf();
    const error = new Error('cannot be paused');
    connection.push('one');
    connection.break(error);
    connection.break(new Error('later'));
    connection.end({ clean: true });
    expect(calls).toEqual(['released', 'terminate']);
    expect(await drain(connection)).toEqual({ frames: ['one'], error });
    expect(await connection.closed).toEqual({ clean: false });
  });

  test('frees the socket when the reader leaves its loop, or closes while it waits', async () => {
    const left = connectionOf();
    left.connection.push('one');
    for await (const _frame of left.connection) break;
    expect(left.calls).toEqual(['released', 'terminate']);
    const closed = connectionOf();
    const draining = drain(closed.connection);
    closed.connection.close();
    expect(await draining).toEqual({ frames: [] });
    expect(closed.calls).toEqual(['released', 'terminate']);
  });

  test('drops what waits at an abort, and throws its reason', async () => {
    const { connection, controller, calls } = connectionOf();
    connection.push('never read');
    controller.abort('enough');
    expect(calls).toEqual(['released', 'terminate']);
    expect(await drain(connection)).toEqual({ frames: [], error: 'enough' });
  });

  test('ends at once for a signal that is aborted already', async () => {
    const { connection, calls } = connectionOf({ signal: AbortSignal.abort('early') });
    expect(calls).toEqual(['released', 'terminate']);
    expect(await drain(connection)).toEqual({ frames: [], error: 'early' });
    expect(await connection.closed).toEqual({ clean: false });
  });

  test.each([['x'.repeat(11)], ['한국어한국어'], [new Uint8Array(11)]])(
    'breaks at a frame above maxFrameBytes: %o',
    async (frame) => {
      const { connection } = connectionOf({ maxFrameBytes: 10 });
      connection.push('x'.repeat(10));
      connection.push('한국어');
      connection.push(frame);
      const { frames, error } = await drain(connection);
      expect(frames).toHaveLength(2);
      expect(error).toMatchObject({ code: 'FRAME_TOO_LARGE', statusCode: 429 });
    },
  );
});
