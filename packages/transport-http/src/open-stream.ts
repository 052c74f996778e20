import {
  ClientTimeoutError,
  type HttpRequester,
  type HttpResponse,
  httpErrorFromResponse,
  type LogConnection,
  type LogRequest,
  ServerError,
} from '@raywire/core';
import { readBriefText } from '@raywire/core/internal';
import { StreamConnection } from './stream-connection.js';

const REDIRECTS = new Set([301, 302, 303, 307, 308]);
const MAX_REDIRECTS = 5;

/** Opens the body of a `GET`; settles as `LogTransport.open` says. */
export async function openStream(requester: HttpRequester, request: LogRequest): Promise<LogConnection> {
  const { signal, connectTimeoutMs } = request;
  signal.throwIfAborted();
  // One for the request, so that the time-out, the caller's signal and `close()` all end it the same way.
  const controller = new AbortController();
  const onAbort = (): void => controller.abort(signal.reason);
  const timer = setTimeout(() => controller.abort(connectTimeout(connectTimeoutMs)), connectTimeoutMs);
  signal.addEventListener('abort', onAbort, { once: true });
  const release = (): void => signal.removeEventListener('abort', onAbort);
  try {
    const response = await follow(requester, request, controller);
    if (response.status !== 200 && response.status !== 206) {
      const { status, headers } = response;
      // What it says is read within the same time; the status stands in any case.
      throw httpErrorFromResponse({
        status,
        headers,
        body: await readBriefText(response, signal),
        url: request.url,
        requestHeaders: request.headers,
      });
    }
    return new StreamConnection(response, controller, release);
  } catch (error) {
    release();
    signal.throwIfAborted();
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

async function follow(
  requester: HttpRequester,
  request: LogRequest,
  controller: AbortController,
): Promise<HttpResponse> {
  const headers = streamHeaders(request);
  let url = request.url;
  for (let redirects = 0; ; redirects += 1) {
    const response = await requester.request({
      method: 'GET',
      url,
      headers,
      signal: controller.signal,
      connectTimeoutMs: request.connectTimeoutMs,
      // A log may be silent for hours.
      readTimeoutMs: 0,
    });
    const { location } = response.headers;
    if (!REDIRECTS.has(response.status) || location === undefined) return response;
    response.cancel();
    if (redirects === MAX_REDIRECTS) throw redirectRefused(response.status, 'there were too many');
    // Credentials never leave the origin, and neither does a ticket in the query.
    if (!URL.canParse(location, url) || new URL(location, url).origin !== new URL(url).origin) {
      throw redirectRefused(response.status, 'it leaves the server');
    }
    url = new URL(location, url).href;
  }
}

function streamHeaders(request: LogRequest): Record<string, string> {
  const { range } = request;
  // A proxy that compresses a log also holds it back until it has a block of it.
  const headers: Record<string, string> = { 'accept-encoding': 'identity', ...request.headers };
  if (range !== undefined) headers['range'] = `bytes=${range.start}-${range.end ?? ''}`;
  return headers;
}

function connectTimeout(connectTimeoutMs: number): ClientTimeoutError {
  return new ClientTimeoutError({
    code: 'CONNECT_TIMEOUT',
    message: `The HTTP server did not answer within ${connectTimeoutMs} ms.`,
  });
}

function redirectRefused(status: number, why: string): ServerError {
  return new ServerError({
    code: 'REDIRECT_REFUSED',
    statusCode: 502,
    message: `The server answered ${status}, a redirect that was not followed: ${why}.`,
  });
}
