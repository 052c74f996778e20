import { ClientConnectionError } from '@raywire/core';
import { expect } from 'vitest';
import { bytesOf, type ContractCase, drain } from '../contract-case.js';
import type { PeerBreak } from '../transport-server.js';

/** Every kind of end is told apart, and none hides what came before it. */
export const endCases: readonly ContractCase[] = [
  {
    name: 'ends quietly after an orderly end, with every frame before it',
    async run({ connect, server }) {
      const { connection, peer } = await connect();
      for (const frame of ['one ', 'two ', 'three']) await peer.send(frame);
      await peer.end();
      const { frames, error } = await drain(connection);
      expect(error).toBe(undefined);
      expect(Buffer.from(bytesOf(frames)).toString()).toBe('one two three');
      expect((await connection.closed).clean).toBe(true);
      expect(server.connections).toBe(1);
    },
  },
  ...[1000, 1001, 1011, 4000].map((code) => closeCodeCase(code)),
  breakCase('fin', 'without the end of the log'),
  breakCase('half-written', 'in the middle of a frame'),
  breakCase('reset', 'by a reset'),
  {
    name: 'ends quietly when the reader closes, and says that it was not the peer',
    async run({ connect }) {
      const { connection, peer } = await connect();
      const frames = connection[Symbol.asyncIterator]();
      const reading = frames.next();
      connection.close();
      expect((await reading).done).toBe(true);
      expect((await frames.next()).done).toBe(true);
      expect((await connection.closed).clean).toBe(false);
      await peer.gone;
    },
  },
  {
    name: 'can be closed twice, and after its end',
    async run({ connect }) {
      const { connection, peer } = await connect();
      connection.close();
      connection.close();
      const closed = await connection.closed;
      connection.close();
      expect(await connection.closed).toBe(closed);
      await peer.gone;
    },
  },
  {
    name: 'frees the socket when the loop is left',
    async run({ connect }) {
      const { connection, peer } = await connect();
      await peer.send('one');
      for await (const _frame of connection) break;
      await peer.gone;
      expect((await connection.closed).clean).toBe(false);
    },
  },
];

function closeCodeCase(code: number): ContractCase {
  return {
    name: `ends quietly after a close with ${code}, and tells its code and reason`,
    needs: ['closeCodes'],
    async run({ connect }) {
      const { connection, peer } = await connect();
      await peer.send('last');
      await peer.end({ code, reason: `code ${code}` });
      expect(await drain(connection)).toEqual({ frames: ['last'], error: undefined });
      expect(await connection.closed).toEqual({ clean: true, code, reason: `code ${code}` });
    },
  };
}

function breakCase(how: PeerBreak, sentence: string): ContractCase {
  return {
    name: `fails when the connection ends ${sentence}, after the frames that came before, and never retries`,
    async run({ connect, server }) {
      if (!server.breaks.includes(how)) return;
      const { connection, peer } = await connect();
      const sent = ['one ', 'two ', 'three '];
      for (const frame of sent) await peer.send(frame);
      const frames = connection[Symbol.asyncIterator]();
      // Read once: a reset may overtake what the client has not even begun to receive.
      const first = await frames.next();
      await peer.break(how);
      const rest = await drain({ [Symbol.asyncIterator]: () => frames });
      const text = Buffer.from(bytesOf([first.value ?? '', ...rest.frames])).toString();
      // Half a chunk of a byte stream is delivered, half a message is not.
      expect(text.replace('half', '')).toBe(sent.join(''));
      expect(ClientConnectionError.isInstance(rest.error)).toBe(true);
      expect(rest.error).toMatchObject({ statusCode: 503 });
      expect((await connection.closed).clean).toBe(false);
      await peer.gone;
      expect(server.connections).toBe(1);
    },
  };
}
