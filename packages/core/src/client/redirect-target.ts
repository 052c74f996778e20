import type { HttpResponse } from '../contracts/http-requester.js';
import { ServerError } from '../errors/server-error.js';

const REDIRECTS = new Set([301, 302, 303, 307, 308]);
const MAX_REDIRECTS = 5;

/**
 * Where a redirect leads; `undefined` when the answer is not one. Only reads are redirected, within their origin, at
 * most five times.
 *
 * @param from the URL that was requested, the method, and how many redirects led there
 * @throws {ServerError} `REDIRECT_REFUSED` for any other
 */
export function redirectTarget(
  response: HttpResponse,
  from: { url: string; method: string; redirects: number },
): string | undefined {
  const { location } = response.headers;
  if (!REDIRECTS.has(response.status) || location === undefined) return undefined;
  response.cancel();
  const source = new URL(from.url);
  const refused = (why: string): ServerError =>
    new ServerError({
      code: 'REDIRECT_REFUSED',
      statusCode: 502,
      message: `${from.method} ${source.pathname} was answered ${response.status}, a redirect that is not followed: ${why}`,
      requestId: response.headers['x-request-id'],
    });
  if (!URL.canParse(location, source)) throw refused('its location is not a URL.');
  const target = new URL(location, source);
  if (target.origin !== source.origin) {
    const place = target.origin === 'null' ? target.protocol : target.origin;
    throw refused(
      `it leads to ${place}, and credentials never leave their origin. If that is the server, use it as baseURL.`,
    );
  }
  if (from.method !== 'GET' && from.method !== 'HEAD')
    throw refused('a write is sent once. Check the path of baseURL.');
  if (from.redirects >= MAX_REDIRECTS) throw refused(`it is one too many, after ${MAX_REDIRECTS}.`);
  target.username = '';
  target.password = '';
  target.hash = '';
  return target.href;
}
