import type { LogFrame } from '@raywire/core';
import { expect } from 'vitest';
import { bytesOf, type ContractCase, drain } from '../contract-case.js';

const LARGE_BYTES = 3 * 1024 * 1024;

/** Frames arrive whole, in order, as they were sent. */
export const frameCases: readonly ContractCase[] = [
  {
    name: 'carries every byte, in order',
    async run({ connect }) {
      const { connection, peer } = await connect();
      const sent = [allBytes(), new Uint8Array(LARGE_BYTES).map((_, index) => index * 31), allBytes()];
      const reading = drain(connection);
      for (const frame of sent) await peer.send(frame);
      await peer.end();
      const { frames, error } = await reading;
      expect(error).toBe(undefined);
      expect(Buffer.compare(bytesOf(frames), bytesOf(sent))).toBe(0);
    },
  },
  {
    name: 'keeps the borders of messages, empty ones too: text as strings, binary as bytes',
    needs: ['messages'],
    async run({ connect }) {
      const { connection, peer } = await connect();
      const sent: LogFrame[] = [
        '',
        'one',
        'zwei: äöü 한국어 🎈',
        new Uint8Array(0),
        allBytes(),
        'x'.repeat(70_000),
      ];
      const reading = drain(connection);
      for (const frame of sent) await peer.send(frame);
      await peer.end();
      const { frames } = await reading;
      expect(frames.map(plain)).toEqual(sent.map(plain));
    },
  },
  {
    name: 'carries a message of exactly maxFrameBytes',
    needs: ['messages'],
    async run({ connect }) {
      const { connection, peer } = await connect({ maxFrameBytes: 4096 });
      await peer.send('x'.repeat(4096));
      await peer.end();
      const { frames, error } = await drain(connection);
      expect(error).toBe(undefined);
      expect(frames).toEqual(['x'.repeat(4096)]);
    },
  },
  {
    name: 'fails with FRAME_TOO_LARGE past maxFrameBytes, after the frames before it, and frees the socket',
    needs: ['messages'],
    async run({ connect }) {
      const { connection, peer } = await connect({ maxFrameBytes: 4096 });
      await peer.send('before');
      await peer.send('x'.repeat(4097));
      // The peer says nothing more, and does not close: the failure must not wait for it.
      const { frames, error } = await drain(connection);
      expect(frames).toEqual(['before']);
      expect(error).toMatchObject({ code: 'FRAME_TOO_LARGE', statusCode: 429 });
      expect((await connection.closed).clean).toBe(false);
      await peer.gone;
    },
  },
  {
    name: 'takes over what has arrived already without losing or repeating any of it',
    async run({ connect }) {
      const { connection, peer } = await connect();
      const sent = Array.from({ length: 2_000 }, (_, index) => `${index};`);
      const received: LogFrame[] = [];
      const writing = (async () => {
        for (const frame of sent) await peer.send(frame);
        await peer.end();
      })();
      for await (const frame of connection) {
        received.push(frame, ...(connection.takeBuffered?.() ?? []));
      }
      await writing;
      expect(Buffer.from(bytesOf(received)).toString()).toBe(sent.join(''));
      expect(connection.takeBuffered?.() ?? []).toEqual([]);
    },
  },
  {
    name: 'keeps two connections at once apart',
    async run({ connect }) {
      const first = await connect();
      const second = await connect();
      await second.peer.send('second');
      await first.peer.send('first');
      first.connection.close();
      await first.peer.gone;
      await second.peer.end();
      const { frames, error } = await drain(second.connection);
      expect(error).toBe(undefined);
      expect(Buffer.from(bytesOf(frames)).toString()).toBe('second');
    },
  },
  {
    name: 'has one reader: a second one is told so',
    async run({ connect }) {
      const { connection, peer } = await connect();
      await peer.send('one');
      const first = connection[Symbol.asyncIterator]();
      await first.next();
      const second = async (): Promise<unknown> => connection[Symbol.asyncIterator]().next();
      const outcome = Promise.race([second(), peer.gone.then(() => 'gone')]);
      await expect(outcome).rejects.toThrow(/reader/);
      connection.close();
    },
  },
];

function allBytes(): Uint8Array {
  return Uint8Array.from({ length: 256 }, (_, index) => index);
}

/** A `Buffer` and a `Uint8Array` of the same bytes are the same frame. */
function plain(frame: LogFrame): string | number[] {
  return typeof frame === 'string' ? frame : [...frame];
}
