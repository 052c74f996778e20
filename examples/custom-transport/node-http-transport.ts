import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import type { LogTransport } from '@raywire/core';
import { ClientConnectionError, ClientTimeoutError, httpErrorFromResponse } from '@raywire/core';

/** Reads logs by Node's own `http` module: no dependency at all, and a Unix socket if given one. */
export function nodeHttpTransport(options: { socketPath?: string } = {}): LogTransport {
  const open: LogTransport['open'] = async ({ url, headers, signal, connectTimeoutMs, range }) => {
    const closing = new AbortController();
    const fail = (cause: unknown) => {
      signal.throwIfAborted();
      if (ClientTimeoutError.isInstance(cause)) throw cause;
      if (!closing.signal.aborted) throw new ClientConnectionError({ message: 'No connection.', cause });
    };
    if (range) headers = { ...headers, range: `bytes=${range.start}-${range.end ?? ''}` };
    const either = AbortSignal.any([signal, closing.signal]);
    const sent = request(url, { ...options, agent: false, headers, signal: either }).on('error', () => {});
    const late = { code: 'CONNECT_TIMEOUT', message: `No answer in ${connectTimeoutMs} ms.` } as const;
    const timer = setTimeout(() => sent.destroy(new ClientTimeoutError(late)), connectTimeoutMs);
    const answer = once(sent.end(), 'response').catch(fail) as Promise<[IncomingMessage]>;
    const [response] = await answer.finally(() => clearTimeout(timer));
    const head = { status: response.statusCode ?? 0, headers: response.headers as Record<string, string> };
    if (head.status !== 200 && head.status !== 206) {
      throw httpErrorFromResponse({ ...head, url, body: String(await response.take(1).toArray()) });
    }
    const ended = once(response, 'close').catch(() => {});
    const closed = ended.then(() => ({ clean: response.complete }));
    async function* frames() {
      if (response.readableDidRead) throw new Error('A connection has one reader.');
      try {
        yield* response;
      } catch (error) {
        fail(error);
      }
    }
    return { ...head, closed, close: () => closing.abort(), [Symbol.asyncIterator]: frames };
  };
  return { contractVersion: 1, name: 'node-http', wire: 'http', open };
}
