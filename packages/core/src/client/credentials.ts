import { AuthenticationError } from '../errors/authentication-error.js';
import { ClientError } from '../errors/client-error.js';
import type { Redactor } from '../redaction/redactor.js';
import type { Authenticate } from './base-client-options.js';
import { addHeaderSecrets, checkHeaders } from './header-record.js';

/**
 * Requests the headers that carry credentials, and gives the redactor their values.
 *
 * @throws {AuthenticationError} `CREDENTIALS_UNAVAILABLE` when the function fails
 * @throws {InvalidArgumentError} when it returns anything but headers
 */
export async function askCredentials(
  authenticate: Authenticate,
  refresh: boolean,
  redactor: Redactor,
): Promise<Record<string, string>> {
  let given: unknown;
  try {
    given = await authenticate({ refresh });
  } catch (error) {
    const reason = error instanceof Error ? ` (${error.message})` : '';
    const message = `There are no credentials: authenticate failed${reason}.`;
    throw redactor.sanitize(
      ClientError.isInstance(error)
        ? error
        : new AuthenticationError({ code: 'CREDENTIALS_UNAVAILABLE', message, cause: error }),
    );
  }
  const headers = given === undefined ? {} : checkHeaders(given, 'What authenticate returns');
  addHeaderSecrets(headers, redactor, 'all');
  return headers;
}

/**
 * Other headers than those that were refused: the ones that somebody else has asked for meanwhile, or fresh ones.
 *
 * @param ask gives the headers of a request, `refresh` with fresh credentials
 * @returns `undefined` when there are no others
 */
export async function renewedHeaders(
  ask: (refresh: boolean) => Promise<Record<string, string>>,
  refused: Record<string, string>,
): Promise<Record<string, string> | undefined> {
  const isOther = (headers: Record<string, string>): boolean =>
    JSON.stringify(headers) !== JSON.stringify(refused);
  // Many calls may be refused at once, and one new token serves them all.
  const known = await ask(false);
  if (isOther(known)) return known;
  const fresh = await ask(true);
  return isOther(fresh) ? fresh : undefined;
}
