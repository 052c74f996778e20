import {
  AuthenticationError,
  AuthorizationError,
  ClientConnectionError,
  type ClientError,
  HTTPError,
  NotFoundError,
  RateLimitError,
  ServerError,
} from '@raywire/core';
import { expect } from 'vitest';
import { type ContractCase, rejectionOf, type TransportBench } from '../contract-case.js';
import type { PeerRefusal } from '../transport-server.js';

const SAID = 'refused by the kit';

/** A refusal is an error that says what the server said, and nobody asks twice. */
export const refusalCases: readonly ContractCase[] = [
  statusCase(401, AuthenticationError),
  statusCase(403, AuthorizationError),
  statusCase(404, NotFoundError),
  statusCase(503, ServerError),
  {
    name: 'takes Retry-After over from a refusal with 429',
    needs: ['handshakeStatus'],
    async run(bench) {
      const error = await refused(bench, { status: 429, headers: { 'retry-after': '7' } });
      expect(RateLimitError.isInstance(error)).toBe(true);
      expect(error).toMatchObject({ statusCode: 429, retryAfterMs: 7_000 });
    },
  },
  {
    name: 'takes the page of a proxy with status 200 for the refusal that it is',
    needs: ['handshakeStatus', 'upgrade'],
    async run(bench) {
      const headers = { 'content-type': 'text/html' };
      const error = await refused(bench, { status: 200, headers, body: '<html>Welcome</html>' });
      expect(HTTPError.isInstance(error)).toBe(true);
    },
  },
  {
    name: 'follows no redirect to another origin',
    needs: ['handshakeStatus', 'requestHeaders'],
    async run(bench) {
      const elsewhere = new URL(bench.server.url);
      elsewhere.hostname = 'localhost';
      const opening = rejectionOf(bench.open({ headers: { authorization: 'Bearer kit' } }));
      const peer = await bench.server.next();
      await peer.refuse({ status: 302, headers: { location: elsewhere.href } });
      expect(HTTPError.isInstance(await opening)).toBe(true);
      expect(bench.server.connections).toBe(1);
    },
  },
  {
    name: 'reads no more of a refusal than is of use',
    needs: ['handshakeStatus'],
    async run(bench) {
      const opening = rejectionOf(bench.open());
      const peer = await bench.server.next();
      const refusing = peer.refuse({ status: 500, body: 'x'.repeat(32 * 1024 * 1024) });
      const error = await opening;
      expect(ServerError.isInstance(error)).toBe(true);
      expect(JSON.stringify(error).length).toBeLessThan(1024 * 1024);
      await refusing;
    },
  },
  {
    name: 'reports a refusal whose reason cannot be known as a connection error',
    async run(bench) {
      if (bench.capabilities.handshakeStatus) return;
      const error = await refused(bench, { status: 403 });
      expect(ClientConnectionError.isInstance(error)).toBe(true);
    },
  },
];

function statusCase(
  status: number,
  errorClass: Pick<typeof ClientError, 'brand' | 'isInstance'> & (new (...options: never[]) => ClientError),
): ContractCase {
  return {
    name: `rejects with ${errorClass.brand} when the server refuses with ${status}, once`,
    needs: ['handshakeStatus'],
    async run(bench) {
      const error = await refused(bench, { status });
      expect(errorClass.isInstance(error)).toBe(true);
      expect(error).toMatchObject({ statusCode: status });
      expect(JSON.stringify(error)).toContain(SAID);
      expect(bench.server.connections).toBe(1);
    },
  };
}

async function refused(bench: TransportBench, refusal: PeerRefusal): Promise<unknown> {
  const opening = rejectionOf(bench.open());
  const peer = await bench.server.next();
  await peer.refuse({
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ detail: SAID }),
    ...refusal,
  });
  return opening;
}
