import { expect } from 'vitest';
import { type ContractCase, drain, rejectionOf } from '../contract-case.js';

/** An abort throws the caller's reason as it is, and frees the socket at once, at every stage. */
export const abortCases: readonly ContractCase[] = [
  {
    name: 'opens nothing for a signal that is aborted already',
    async run({ open, server }) {
      const reason = new Error('too late');
      expect(await rejectionOf(open({ signal: AbortSignal.abort(reason) }))).toBe(reason);
      expect(server.connections).toBe(0);
    },
  },
  {
    name: 'throws the reason of an abort during the handshake',
    async run({ open, server }) {
      const controller = new AbortController();
      const reason = new Error('changed my mind');
      const opening = rejectionOf(open({ signal: controller.signal }));
      const peer = await server.next();
      controller.abort(reason);
      expect(await opening).toBe(reason);
      await peer.gone;
    },
  },
  {
    name: 'throws the reason of an abort while a reader waits',
    async run({ connect }) {
      const controller = new AbortController();
      const { connection, peer } = await connect({ signal: controller.signal });
      const reason = new Error('changed my mind');
      const reading = drain(connection);
      controller.abort(reason);
      expect((await reading).error).toBe(reason);
      expect((await connection.closed).clean).toBe(false);
      await peer.gone;
    },
  },
  {
    name: 'frees the socket by an abort while nobody reads; the next read throws the reason',
    async run({ connect }) {
      const controller = new AbortController();
      const { connection, peer } = await connect({ signal: controller.signal });
      await peer.send('never read');
      controller.abort('a reason need not be an error');
      await peer.gone;
      expect((await connection.closed).clean).toBe(false);
      expect((await drain(connection)).error).toBe('a reason need not be an error');
    },
  },
  {
    name: 'takes no notice of an abort after the end',
    async run({ connect }) {
      const controller = new AbortController();
      const { connection, peer } = await connect({ signal: controller.signal });
      await peer.end();
      expect((await drain(connection)).error).toBe(undefined);
      const closed = await connection.closed;
      controller.abort(new Error('too late'));
      expect(await connection.closed).toBe(closed);
    },
  },
];
