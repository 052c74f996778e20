import { ClientConnectionError, ClientTimeoutError } from '@raywire/core';
import { expect } from 'vitest';
import { type ContractCase, drain, rejectionOf } from '../contract-case.js';

/** A connection is made, or is not, in time. */
export const openCases: readonly ContractCase[] = [
  {
    name: 'says which contract it keeps, its name and its wire',
    async run({ transport }) {
      expect(transport.contractVersion).toBe(1);
      expect(transport.name).toMatch(/./);
      if (transport.wire !== undefined) expect(transport.wire).toMatch(/./);
    },
  },
  {
    name: 'opens when the server accepts, and not before',
    async run({ open, server }) {
      let opened = false;
      const opening = open().then((connection) => {
        opened = true;
        return connection;
      });
      const peer = await server.next();
      await new Promise((resolve) => setImmediate(resolve));
      expect(opened).toBe(false);
      await peer.accept();
      const connection = await opening;
      expect(connection.status).toBeGreaterThan(100);
      expect(connection.status).toBeLessThan(300);
      connection.close();
    },
  },
  {
    name: 'sends the headers of the request',
    needs: ['requestHeaders'],
    async run({ connect }) {
      const { connection, peer } = await connect({
        headers: { authorization: 'Bearer kit', 'x-kit': 'a, b' },
      });
      expect(peer.headers).toMatchObject({ authorization: 'Bearer kit', 'x-kit': 'a, b' });
      connection.close();
    },
  },
  {
    name: 'sends the byte range of the request, with and without its end',
    needs: ['ranges'],
    async run({ connect }) {
      const open = await connect({ range: { start: 7 } });
      expect(open.peer.headers['range']).toBe('bytes=7-');
      open.connection.close();
      const ended = await connect({ range: { start: 0, end: 9 } });
      expect(ended.peer.headers['range']).toBe('bytes=0-9');
      ended.connection.close();
    },
  },
  {
    name: 'gives the headers of the acceptance, names in lower case',
    needs: ['responseHeaders'],
    async run({ open, server }) {
      const opening = open();
      await (await server.next()).accept({ headers: { 'X-Kit-Answer': 'yes' } });
      const connection = await opening;
      expect(connection.headers['x-kit-answer']).toBe('yes');
      connection.close();
    },
  },
  {
    name: 'gives up a server that never answers, after connectTimeoutMs, and frees the socket',
    async run({ open, server }) {
      const began = performance.now();
      const opening = rejectionOf(open({ connectTimeoutMs: 150 }));
      const peer = await server.next();
      const error = await opening;
      expect(ClientTimeoutError.isInstance(error)).toBe(true);
      expect(error).toMatchObject({ code: 'CONNECT_TIMEOUT', statusCode: 408 });
      expect(performance.now() - began).toBeGreaterThan(140);
      await peer.gone;
    },
  },
  {
    name: 'lets a connection live on after connectTimeoutMs',
    async run({ connect }) {
      const { connection, peer } = await connect({ connectTimeoutMs: 250 });
      await new Promise((resolve) => setTimeout(resolve, 300));
      await peer.send('late');
      await peer.end();
      expect((await drain(connection)).error).toBe(undefined);
    },
  },
  {
    name: 'reports a server that is not there as a connection error of status 503',
    async run({ open, server }) {
      await server.close();
      const error = await rejectionOf(open());
      expect(ClientConnectionError.isInstance(error)).toBe(true);
      expect(error).toMatchObject({ statusCode: 503 });
      expect(String(error)).not.toContain('ticket=kit');
    },
  },
  {
    name: 'reports a server that hangs up instead of answering as a connection error',
    async run({ open, server }) {
      const opening = rejectionOf(open());
      await (await server.next()).break('fin');
      expect(ClientConnectionError.isInstance(await opening)).toBe(true);
      expect(server.connections).toBe(1);
    },
  },
];
