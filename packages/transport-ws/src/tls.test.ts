import type { TLSSocket } from 'node:tls';
import { ClientConnectionError, InvalidArgumentError, type TlsOptions } from '@raywire/core';
import {
  type LoopbackServer,
  startHttpServer,
  type TestCertificates,
  testCertificates,
} from '@raywire/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WebSocketServer } from 'ws';
import { webSocketTransport } from './index.js';

let certificates: TestCertificates;
let server: LoopbackServer;

beforeAll(async () => {
  certificates = await testCertificates();
  const { server: own, authority } = certificates;
  const sockets = new WebSocketServer({ noServer: true });
  server = await startHttpServer(() => undefined, {
    tls: { ...own, ca: authority, requestCert: true, rejectUnauthorized: false },
    onUpgrade(request, stream, head) {
      sockets.handleUpgrade(request, stream, head, (socket) => {
        const { subject } = (request.socket as TLSSocket).getPeerCertificate();
        socket.send(subject?.CN ?? 'nobody');
        socket.close();
      });
    },
  });
});

afterAll(() => server.close());

async function greeting(tls: TlsOptions | undefined): Promise<unknown> {
  const connection = await webSocketTransport({ tls }).open({
    url: `wss://127.0.0.1:${server.port}/`,
    headers: {},
    signal: new AbortController().signal,
    connectTimeoutMs: 5_000,
  });
  for await (const frame of connection) return frame;
  return undefined;
}

test('a server whose authority nobody knows is not trusted, and the error says what to do', async () => {
  const error = await greeting(undefined).catch((reason: unknown) => reason);
  expect(ClientConnectionError.isInstance(error)).toBe(true);
  expect((error as Error).message).toMatch(/not trusted .*tls: \{ ca \}/);
});

test('ca makes it trusted, cert and key say who the client is, and a test may believe anybody', async () => {
  const ca = certificates.authority;
  expect(await greeting({ ca })).toBe('nobody');
  expect(await greeting({ ca, ...certificates.client })).toBe('raywire test client');
  expect(await greeting({ rejectUnauthorized: false })).toBe('nobody');
  expect(await greeting({ ca, servername: 'localhost' })).toBe('nobody');
  await expect(greeting({ ca, servername: 'elsewhere.test' })).rejects.toThrow(/CERT_ALTNAME/);
});

test('what is no certificate is refused at once', () => {
  expect(() => webSocketTransport({ tls: { cert: 'x', key: 'y' } })).toThrow(InvalidArgumentError);
});
