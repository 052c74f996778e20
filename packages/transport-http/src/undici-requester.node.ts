import type { Socket } from 'node:net';
import type { SecureContext } from 'node:tls';
import { type HttpRequest, type HttpRequester, type HttpResponse, InvalidArgumentError } from '@raywire/core';
import {
  readOptions,
  type SecureSocketOptions,
  secureSocketOptions,
  tlsOption,
  unusableRequest,
} from '@raywire/core/internal';
import type { Agent } from 'undici';
import { loadUndici } from './load-undici.node.js';
import { UndiciExchange } from './undici-exchange.node.js';
import { type UndiciRequesterOptions, undiciRequesterOptions } from './undici-requester-options.js';

const KEEP_ALIVE_DELAY_MS = 30_000;
/** undici sends none by itself, and Ray 2.40 answers 500 to who does not say what they are. */
const USER_AGENT = 'raywire';

/**
 * Sends requests by undici 7, loaded at the first of them. It keeps connections alive between requests, follows no
 * redirect and decodes no compression. Where undici cannot be loaded, a request throws `TransportUnavailableError`.
 * In a browser, Bun and Deno this name gives the requester over `fetch`.
 *
 * @throws {InvalidArgumentError} for an unknown option or a bad `tls`
 */
export function undiciRequester(options: UndiciRequesterOptions = {}): HttpRequester {
  const { tls } = readOptions(undiciRequesterOptions(tlsOption()), options, 'undiciRequester');
  // Not imported: only few need it, and loading it takes a while.
  const security = secureSocketOptions(tls, (given) =>
    process.getBuiltinModule('node:tls').createSecureContext(given),
  );
  let connections: Promise<Connections> | undefined;
  let closed = false;
  return {
    contractVersion: 1,
    async request(request: HttpRequest): Promise<HttpResponse> {
      request.signal.throwIfAborted();
      if (closed) throw new InvalidArgumentError({ message: 'This HTTP requester is closed.' });
      connections ??= connect(security);
      return (await connections).send(request);
    },
    async close(): Promise<void> {
      closed = true;
      // Without undici nothing was opened, and the requests have said why.
      const opened = await connections?.catch(() => undefined);
      await opened?.agent.destroy();
    },
  };
}

interface Connections {
  agent: Agent;
  send(request: HttpRequest): Promise<HttpResponse>;
}

async function connect(security: SecureSocketOptions<SecureContext>): Promise<Connections> {
  const { Agent, buildConnector } = await loadUndici();
  const openSocket = buildConnector({
    ...security,
    timeout: 0,
    keepAliveInitialDelay: KEEP_ALIVE_DELAY_MS,
  });
  // undici connects within `dispatch`, if it has to: that tells whose socket it is, so that giving up a request
  // frees a socket that is still connecting too. (undici itself would leave it to its time-out.)
  let dispatched: UndiciExchange | undefined;
  const agent = new Agent({
    headersTimeout: 0,
    bodyTimeout: 0,
    connect: (options, callback) => {
      const socket: unknown = openSocket(options, callback);
      dispatched?.connecting(socket as Socket);
    },
  });
  return {
    agent,
    async send(request) {
      request.signal.throwIfAborted();
      if (!URL.canParse(request.url)) throw unusableRequest();
      const url = new URL(request.url);
      const exchange = new UndiciExchange(request);
      dispatched = exchange;
      try {
        agent.dispatch(
          {
            origin: url.origin,
            path: `${url.pathname}${url.search}`,
            method: request.method as 'GET',
            headers: { 'user-agent': USER_AGENT, ...request.headers },
            body: (isStream(request.body) ? exchange.sending(request.body) : request.body) as string,
          },
          exchange,
        );
      } finally {
        dispatched = undefined;
      }
      return exchange.response;
    },
  };
}

function isStream(body: HttpRequest['body']): body is AsyncIterable<Uint8Array> {
  return typeof body === 'object' && !(body instanceof Uint8Array);
}
