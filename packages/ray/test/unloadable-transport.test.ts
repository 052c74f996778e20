import { type LogTransport, TransportUnavailableError } from '@raywire/core';
import { describe, expect, it } from 'vitest';
import { agentWith, collect, lastEvent, lines, log, sse, succeeded } from './tail-lab.js';

/** One whose library is missing, and which counts how often it was asked. */
function unloadable(name: string, wire: string): LogTransport & { opened: number } {
  return {
    contractVersion: 1,
    name,
    wire,
    opened: 0,
    async open() {
      this.opened += 1;
      throw new TransportUnavailableError({ message: `${name} cannot be loaded.` });
    },
  };
}

describe('a transport that cannot be loaded', () => {
  it('gives way to the other wire, by auto', async () => {
    const { tail, events } = await agentWith(
      {
        job: succeeded,
        stream(response) {
          response.writeHead(200, sse).end(`data: ${JSON.stringify({ message: log })}\n\n${lastEvent}`);
        },
      },
      { transports: [unloadable('websocket', 'websocket')] },
    );
    expect(await collect(tail())).toEqual({ got: lines, error: undefined });
    expect(events.map((event) => event.type)).toEqual(['fallback', 'connect']);
    expect(events[0]).toMatchObject({
      from: 'websocket',
      to: 'http',
      error: { code: 'TRANSPORT_UNAVAILABLE' },
    });
  });

  it.each(['websocket', 'http', 'auto'])('is tried once by %s where no other is left', async (protocol) => {
    const transports = [unloadable('websocket', 'websocket'), unloadable('http', 'http')];
    const { tail } = await agentWith({ job: succeeded }, { transports });
    const { error } = await collect(tail({ protocol }));
    expect(TransportUnavailableError.isInstance(error)).toBe(true);
    const opened = transports.map((transport) => transport.opened);
    expect(opened).toEqual([protocol === 'http' ? 0 : 1, protocol === 'websocket' ? 0 : 1]);
  });
});
