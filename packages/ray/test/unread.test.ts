import { once } from 'node:events';
import { ClientConnectionError } from '@raywire/core';
import { type AgentScript, rejectionOf, sendLines } from '@raywire/testing';
import { describe, expect, it } from 'vitest';
import { agentWith, collect, complete, lines, running, succeeded } from './tail-lab.js';

const whole: AgentScript = {
  job: succeeded,
  webSocket(socket) {
    sendLines(socket, lines);
    socket.send(complete);
  },
};
const broken = { job: running, request: () => false } satisfies AgentScript;

describe('the end of a tail that nobody reads', () => {
  it('is the end of its log', async () => {
    const { tail } = await agentWith(whole);
    expect(await tail().end).toMatchObject({
      reason: 'complete',
      lines: lines.length,
      jobStatus: 'SUCCEEDED',
    });
  });

  it('is a failure where nothing can be read, which a consumer that comes later is thrown all the same', async () => {
    const { tail } = await agentWith(broken);
    const unread = tail();
    const { reason, error } = await unread.end;
    expect(reason).toBe('failed');
    expect(error).toBeInstanceOf(Error);
    expect((await collect(unread)).error).toBe(error);
  });

  it('leaves the lines to a consumer that comes in the same step', async () => {
    const { tail } = await agentWith(whole);
    const read = tail();
    const { end } = read;
    expect(await collect(read)).toEqual({ got: lines, error: undefined });
    expect(await end).toMatchObject({ reason: 'complete', lines: lines.length });
  });

  it('leaves them to a consumer that comes before the first of them, too', async () => {
    const asked = Promise.withResolvers<() => void>();
    const { tail } = await agentWith({
      job: running,
      webSocket: (socket) =>
        asked.resolve(() => {
          sendLines(socket, lines);
          socket.send(complete);
        }),
    });
    const read = tail();
    const { end } = read;
    const answer = await asked.promise;
    const reading = collect(read);
    answer();
    expect(await reading).toEqual({ got: lines, error: undefined });
    expect((await end).lines).toBe(lines.length);
  });

  it('refuses a consumer once lines were thrown away', async () => {
    const { tail } = await agentWith(whole);
    const unread = tail();
    await unread.end;
    expect(() => unread.batches()).toThrow(
      expect.objectContaining({ code: 'TAIL_CONSUMED', message: expect.stringContaining('drained') }),
    );
  });

  it('comes without a request where the tail is closed at once', async () => {
    const { agent, tail } = await agentWith(whole);
    const closed = tail();
    const { end } = closed;
    await closed.close();
    expect(await end).toMatchObject({ reason: 'aborted', lines: 0, transport: null });
    expect(agent.calls).toEqual([]);
  });
});

describe('opened', () => {
  it('resolves once the connection stands, and leaves every line to the consumer', async () => {
    const gate = Promise.withResolvers<void>();
    const { agent, tail } = await agentWith({
      job: running,
      async webSocket(socket) {
        await gate.promise;
        sendLines(socket, lines);
        socket.send(complete);
      },
    });
    const open = tail();
    await open.opened;
    expect(agent.calls).toHaveLength(1);
    gate.resolve();
    expect(await collect(open)).toEqual({ got: lines, error: undefined });
    expect(open.opened).toBe(open.opened);
    await open.opened;
    expect(agent.calls).toHaveLength(1);
  });

  it('leaves every batch to the consumer, whose cursor is where it stands', async () => {
    const { tail } = await agentWith(whole);
    const open = tail();
    await open.opened;
    expect(open.cursor?.position.lines ?? 0).toBe(0);
    const got: string[] = [];
    for await (const batch of open.batches()) got.push(...batch);
    expect(got).toEqual(lines);
  });

  it('rejects with what the loop throws, and is no unhandled rejection', async () => {
    const { tail } = await agentWith(broken);
    const failing = tail();
    const { opened } = failing;
    const { got, error } = await collect(failing);
    expect(got).toEqual([]);
    expect(error).toBeInstanceOf(Error);
    expect(await rejectionOf(opened)).toBe(error);
    const unlooked = tail();
    void unlooked.opened;
    expect((await unlooked.end).reason).toBe('failed');
  });

  it('rejects where nothing listens', async () => {
    const { agent, client } = await agentWith({});
    await agent.close();
    expect(await rejectionOf(client.tailJobLogs('job').opened)).toBeInstanceOf(ClientConnectionError);
  });

  it('rejects with the reason of an aborted signal, and with an AbortError after close()', async () => {
    const { tail } = await agentWith({ job: running, webSocket: () => undefined });
    const reason = new Error('enough');
    expect(await rejectionOf(tail({ signal: AbortSignal.abort(reason) }).opened)).toBe(reason);
    const closed = tail();
    const { opened } = closed;
    await closed.close();
    expect(await rejectionOf(opened)).toMatchObject({ name: 'AbortError' });
  });
});

describe('drain', () => {
  it('reads to the end, throws lines away, and gives the end', async () => {
    const { tail } = await agentWith(whole);
    const drained = tail();
    expect(await drained.drain()).toMatchObject({ reason: 'complete', lines: lines.length });
    expect(drained.cursor?.position.lines).toBe(lines.length);
    await expect(drained.drain()).rejects.toMatchObject({ code: 'TAIL_CONSUMED' });
  });

  it('throws what the loop would throw', async () => {
    const { tail } = await agentWith(broken);
    const failing = tail();
    const error = await rejectionOf(failing.drain());
    expect(error).toBeInstanceOf(Error);
    expect((await failing.end).error).toBe(error);
  });

  it('ends quietly when the tail is closed, and frees the socket', async () => {
    const gone = Promise.withResolvers<unknown>();
    const { tail } = await agentWith({
      job: running,
      webSocket(socket) {
        gone.resolve(once(socket, 'close'));
        sendLines(socket, lines);
      },
    });
    const drained = tail();
    const end = drained.drain();
    await drained.opened;
    await drained.close();
    expect(await end).toMatchObject({ reason: 'aborted' });
    await gone.promise;
  });
});
