import type { IncomingMessage } from 'node:http';

/** How long the body of a request may be on its way, and each piece of an upload. Milliseconds. */
export const BODY_MS = 30_000;

/** Against slow senders: calls `expire` when the body of a request has not arrived in time. */
export function limitBodyTime(request: IncomingMessage, expire: () => void): void {
  const { headers } = request;
  if (headers['content-length'] === undefined && headers['transfer-encoding'] === undefined) return;
  const timer = setTimeout(expire, BODY_MS);
  const stop = (): void => clearTimeout(timer);
  request.once('end', stop).once('close', stop);
}
