import { AgentClient, StreamLimits } from '@raywire/agent';
import { describe, expect, it } from 'vitest';

describe('bad input to a tail', () => {
  const client = new AgentClient({ baseURL: 'http://127.0.0.1:9' });
  it.each([
    ['a path', '../x'],
    ['a slash', 'a/b'],
    ['a space', 'a b'],
    ['nothing', ''],
    ['101 characters', 'x'.repeat(101)],
    ['null', null],
    ['an object', {}],
  ])('refuses %s as a job ID, at once', (_, id) => {
    expect(() => client.tailJobLogs(id as string)).toThrow(expect.objectContaining({ statusCode: 400 }));
  });

  it.each([0, -1, Number.NaN, '5', 300_001])('refuses the time-out %s', (timeoutMs) => {
    expect(() => client.tailJobLogs('job', { timeoutMs: timeoutMs as number })).toThrow(/timeoutMs/);
  });

  it.each([
    [{ timeout: 30 }, /timeoutMs: 30000/],
    [60, /timeoutMs: 60000/],
    [{ protocol: 'smoke-signals' }, /smoke-signals/],
    [{ maxLine: 1 }, /maxLine/],
    [{ tailLines: -1 }, /tailLines/],
    [{ cursor: { version: 1 } }, /cursor/],
    [{ carriageReturn: 'eat' }, /carriageReturn/],
    [{ ansi: 'colourless' }, /ansi/],
    [{ streamLimits: { max_lines: 5 } }, /maxLines/],
    [{ signal: 'now' }, /signal/],
    [{ follwo: true }, /has no option "follwo": did you mean follow\?/],
    [{ maxLines: 5 }, /pass streamLimits: \{ maxLines: … \}/],
    [{ protocol: 'ws' }, /Did you mean "websocket"\?/],
  ])('refuses the options %j, naming the remedy', (options, message) => {
    expect(() => client.tailJobLogs('job', options as never)).toThrow(message);
    expect(() => client.tailJobLogs('job', options as never)).toThrow(
      expect.objectContaining({ statusCode: 400 }),
    );
  });

  it('keeps limits that are set on the client', () => {
    client.streamLimits = new StreamLimits({ maxLines: 1 });
    expect(client.streamLimits.maxLines).toBe(1);
    expect(() => {
      client.streamLimits = { maxLines: 0 } as StreamLimits;
    }).toThrow(/maxLines/);
  });
});
