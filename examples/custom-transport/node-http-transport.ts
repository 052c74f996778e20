import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import {
  ClientConnectionError,
  ClientTimeoutError,
  httpErrorFromResponse,
  type LogTransport,
  QueuedConnection,
} from '@raywire/core';

/** Reads logs by Node's own `http` module: no dependency at all, and a Unix socket if given one. */
export function nodeHttpTransport(options: { socketPath?: string } = {}): LogTransport {
  const open: LogTransport['open'] = async ({ url, headers, signal, connectTimeoutMs, range }) => {
    const lost = (cause: unknown) => new ClientConnectionError({ message: 'No connection.', cause });
    if (range) headers = { ...headers, range: `bytes=${range.start}-${range.end ?? ''}` };
    const sent = request(url, { ...options, agent: false, headers, signal }).on('error', () => {});
    const late = { code: 'CONNECT_TIMEOUT', message: `No answer in ${connectTimeoutMs} ms.` } as const;
    const timer = setTimeout(() => sent.destroy(new ClientTimeoutError(late)), connectTimeoutMs);
    const answer = once(sent.end(), 'response').catch((cause: unknown) => {
      signal.throwIfAborted();
      throw ClientTimeoutError.isInstance(cause) ? cause : lost(cause);
    }) as Promise<[IncomingMessage]>;
    const [response] = await answer.finally(() => clearTimeout(timer));
    const head = { status: response.statusCode ?? 0, headers: response.headers as Record<string, string> };
    if (head.status !== 200 && head.status !== 206) {
      throw httpErrorFromResponse({ ...head, url, body: String(await response.take(1).toArray()) });
    }
    const connection = new QueuedConnection({
      ...head,
      signal,
      pause: () => response.pause(),
      resume: () => response.resume(),
      terminate: () => response.destroy(),
    });
    response.on('data', (chunk: Buffer) => connection.push(chunk));
    response.on('end', () => connection.end({ clean: true }));
    response.on('error', (cause) => connection.end({ clean: false }, lost(cause)));
    return connection;
  };
  return { contractVersion: 1, name: 'node-http', wire: 'http', open };
}
