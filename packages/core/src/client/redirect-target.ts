import type { HttpResponse } from '../contracts/http-requester.js';
import { ServerError } from '../errors/server-error.js';

const REDIRECTS = new Set([301, 302, 303, 307, 308]);
const MAX_REDIRECTS = 5;

/**
 * Where a redirect leads; `undefined` when the answer is none.
 *
 * @param from the URL that was asked, its method, and how many redirects led there
 * @throws {ServerError} `REDIRECT_REFUSED` when it leaves the origin, answers a write, or is one too many
 */
export function redirectTarget(
  response: HttpResponse,
  from: { url: string; what: string; isRead: boolean; redirects: number },
): string | undefined {
  const { location } = response.headers;
  if (!REDIRECTS.has(response.status) || location === undefined || !URL.canParse(location, from.url))
    return undefined;
  const target = new URL(location, from.url);
  const refused = (why: string): ServerError => {
    response.cancel();
    return new ServerError({
      code: 'REDIRECT_REFUSED',
      statusCode: 502,
      message: `${from.what} was answered ${response.status}, a redirect that is not followed: ${why}`,
      requestId: response.headers['x-request-id'],
    });
  };
  if (target.origin !== new URL(from.url).origin) {
    const place = target.origin === 'null' ? target.protocol : target.origin;
    throw refused(
      `it leads to ${place}, and credentials never leave their origin. If that is the server, use it as baseURL.`,
    );
  }
  if (!from.isRead) throw refused('a write is sent once, to where it was meant. Check the path of baseURL.');
  if (from.redirects >= MAX_REDIRECTS) throw refused(`there were ${MAX_REDIRECTS} before it.`);
  response.cancel();
  target.username = '';
  target.password = '';
  target.hash = '';
  return target.href;
}
