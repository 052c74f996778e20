import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { ClientConnectionError, ClientTimeoutError, HTTPError, type LogTransport } from '@raywire/core';

/** Reads logs by Node's own `http` module: no dependency at all, and a Unix socket if given one. */
export function nodeHttpTransport(options: { socketPath?: string } = {}): LogTransport {
  const open: LogTransport['open'] = async ({ url, headers, signal, connectTimeoutMs, range }) => {
    const fail = (cause: unknown): never => {
      signal.throwIfAborted();
      if (ClientTimeoutError.isInstance(cause)) throw cause;
      throw new ClientConnectionError({ message: 'The connection failed.', cause });
    };
    const ranged = range && { range: `bytes=${range.start}-${range.end ?? ''}` };
    const sent = request(url, { ...options, agent: false, signal, headers: { ...headers, ...ranged } }).end();
    const late = new ClientTimeoutError({ message: `No answer in ${connectTimeoutMs} ms.` });
    const timer = setTimeout(() => sent.destroy(late), connectTimeoutMs);
    const answer = once(sent, 'response').catch(fail) as Promise<[IncomingMessage]>;
    const [response] = await answer.finally(() => clearTimeout(timer));
    const status = response.statusCode ?? 0;
    const close = () => void response.destroy();
    if (status !== 200 && status !== 206) {
      close();
      throw new HTTPError({ statusCode: status, message: `The server answered ${status}.` });
    }
    const closed = once(response, 'close').then(() => ({ clean: response.complete }));
    async function* frames() {
      try {
        yield* response;
      } catch (error) {
        fail(error);
      }
    }
    const answered = Object.entries(response.headers).map(([name, value]) => [name, String(value)]);
    return { status, headers: Object.fromEntries(answered), closed, close, [Symbol.asyncIterator]: frames };
  };
  return { contractVersion: 1, name: 'node-http', wire: 'http', open };
}
