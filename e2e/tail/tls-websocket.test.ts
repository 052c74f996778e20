import { once } from 'node:events';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { ClientConnectionError, InvalidArgumentError, type TlsOptions } from '@raywire/core';
import { webSocketTransport } from '@raywire/transport-ws';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WebSocketServer } from 'ws';
import { type TestCertificates, testCertificates } from '../servers/test-certificates.js';

let certificates: TestCertificates;
let server: Server;
let sockets: WebSocketServer;

beforeAll(async () => {
  certificates = await testCertificates();
  const { server: own, authority } = certificates;
  server = createServer({ ...own, ca: authority, requestCert: true, rejectUnauthorized: false });
  sockets = new WebSocketServer({ server });
  sockets.on('connection', (socket, request) => {
    const { subject } = (request.socket as TLSSocket).getPeerCertificate();
    socket.send(subject?.CN ?? 'nobody');
    socket.close();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});

afterAll(() => {
  sockets.close();
  server.closeAllConnections();
  server.close();
});

async function greeting(tls: TlsOptions | undefined): Promise<unknown> {
  const connection = await webSocketTransport({ tls }).open({
    url: `wss://127.0.0.1:${(server.address() as AddressInfo).port}/`,
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
