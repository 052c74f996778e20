import type { TLSSocket } from 'node:tls';
import { ClientConnectionError, InvalidArgumentError, type TlsOptions } from '@raywire/core';
import {
  type LoopbackServer,
  startHttpServer,
  type TestCertificates,
  testCertificates,
} from '@raywire/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { httpTransport, undiciRequester } from './index.js';

let certificates: TestCertificates;
let server: LoopbackServer;

beforeAll(async () => {
  certificates = await testCertificates();
  const { server: own, authority } = certificates;
  server = await startHttpServer(
    (request, response) => {
      const socket = request.socket as TLSSocket;
      const { subject } = socket.getPeerCertificate();
      response.writeHead(request.headers.range === undefined ? 200 : 206);
      response.end(`${subject?.CN ?? 'nobody'} ${socket.authorized} ${request.headers.range ?? ''}`);
    },
    { tls: { ...own, ca: authority, requestCert: true, rejectUnauthorized: false } },
  );
});

afterAll(() => server.close());

async function textOf(body: AsyncIterable<Uint8Array | string>): Promise<string> {
  let text = '';
  for await (const chunk of body) text += Buffer.from(chunk as Uint8Array).toString();
  return text;
}

/** What both say, the requester and the transport. */
async function asked(tls: TlsOptions | undefined): Promise<string[]> {
  const requester = undiciRequester({ tls });
  const transport = httpTransport({ tls });
  const request = {
    url: `${server.url}/`,
    headers: {},
    signal: new AbortController().signal,
    connectTimeoutMs: 3_000,
  };
  try {
    const response = await requester.request({ ...request, method: 'GET', readTimeoutMs: 3_000 });
    const connection = await transport.open({ ...request, range: { start: 7 } });
    return [await textOf(response.body), await textOf(connection)];
  } finally {
    await requester.close?.();
    await transport.close?.();
  }
}

describe('tls', () => {
  test('a server whose authority nobody knows is not trusted, and the error says what to do', async () => {
    for (const tls of [undefined, {}, { ca: certificates.client.cert }]) {
      const error = await asked(tls).catch((reason: unknown) => reason);
      expect(ClientConnectionError.isInstance(error)).toBe(true);
      expect((error as Error).message).toMatch(/not trusted .*tls: \{ ca \}/);
    }
  });

  test('ca makes it trusted, and rejectUnauthorized: false believes anybody', async () => {
    for (const ca of [certificates.authority, Buffer.from(certificates.authority), [certificates.authority]])
      expect(await asked({ ca })).toEqual(['nobody false ', 'nobody false bytes=7-']);
    expect(await asked({ rejectUnauthorized: false })).toHaveLength(2);
  });

  test('cert and key say who the client is', async () => {
    const tls = { ca: certificates.authority, ...certificates.client };
    expect(await asked(tls)).toEqual(['raywire test client true ', 'raywire test client true bytes=7-']);
  });

  test('servername is the name that the certificate must have', async () => {
    const ca = certificates.authority;
    expect(await asked({ ca, servername: 'localhost' })).toHaveLength(2);
    await expect(asked({ ca, servername: 'elsewhere.test' })).rejects.toThrow(/ERR_TLS_CERT_ALTNAME_INVALID/);
  });

  test('what is no certificate is refused at once, and not repeated', () => {
    for (const tls of [
      { cert: 'a-secret' },
      { cert: certificates.client.cert, key: 'a-secret' },
      { ca: 'a-secret', servername: '' },
      { rejectUnauthorized: 'a-secret' as unknown as boolean },
      { rejectUnauthorised: true } as TlsOptions,
    ]) {
      expect(() => undiciRequester({ tls })).toThrow(InvalidArgumentError);
      expect(() => httpTransport({ tls })).toThrow(InvalidArgumentError);
    }
    expect(() => undiciRequester({ tls: { ...certificates.client, key: 'a-secret' } })).toThrow(
      /^(?!.*a-secret).*give PEM/,
    );
  });

  test('goes with no requester of another', () => {
    const requester = undiciRequester();
    expect(() => httpTransport({ requester, tls: {} })).toThrow(/undiciRequester\(\{ tls \}\)/);
  });
});
