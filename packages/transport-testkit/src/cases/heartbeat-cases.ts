import { ClientConnectionError } from '@raywire/core';
import { expect } from 'vitest';
import { type ContractCase, drain } from '../contract-case.js';

const heartbeat = { intervalMs: 40, timeoutMs: 200 };

/** A silent peer is probed while a reader waits: dead when it does not answer, quiet when it does. */
export const heartbeatCases: readonly ContractCase[] = [
  {
    name: 'fails with HEARTBEAT_TIMEOUT when a silent peer answers no probe, and frees the socket',
    needs: ['pings'],
    async run({ open, server }) {
      const opening = open({ heartbeat });
      const peer = await server.next();
      await peer.accept({ answerPings: false });
      const connection = await opening;
      const began = performance.now();
      const { error } = await drain(connection);
      expect(ClientConnectionError.isInstance(error)).toBe(true);
      expect(error).toMatchObject({ code: 'HEARTBEAT_TIMEOUT' });
      expect(performance.now() - began).toBeGreaterThan(heartbeat.timeoutMs - 10);
      await peer.pings?.(1);
      await peer.gone;
    },
  },
  {
    name: 'lets a quiet peer that answers probes live',
    needs: ['pings'],
    async run({ connect }) {
      const { connection, peer } = await connect({ heartbeat });
      const reading = drain(connection);
      // So many intervals are longer than the time-out.
      await peer.pings?.(8);
      await peer.send('still here');
      await peer.end();
      expect(await reading).toEqual({ frames: ['still here'], error: undefined });
    },
  },
  {
    name: 'measures no silence while nobody reads',
    needs: ['pings'],
    async run({ open, server }) {
      const opening = open({ heartbeat });
      const peer = await server.next();
      await peer.accept({ answerPings: false });
      const connection = await opening;
      await peer.send('one');
      await new Promise((resolve) => setTimeout(resolve, 2 * heartbeat.timeoutMs));
      await peer.end();
      expect(await drain(connection)).toEqual({ frames: ['one'], error: undefined });
    },
  },
];
