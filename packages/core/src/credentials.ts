import type { Authenticate } from './base-client-options.js';
import { AuthenticationError } from './errors/authentication-error.js';
import { ClientError } from './errors/client-error.js';
import { addHeaderSecrets, checkHeaders } from './header-record.js';
import type { Redactor } from './redactor.js';

/**
 * Asks for the headers that carry credentials, and gives the redactor their values.
 *
 * @throws {AuthenticationError} `CREDENTIALS_UNAVAILABLE` when the function fails
 * @throws {InvalidArgumentError} when what it gives are no headers
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
    if (ClientError.isInstance(error)) throw redactor.sanitize(error);
    throw redactor.sanitize(
      new AuthenticationError({
        code: 'CREDENTIALS_UNAVAILABLE',
        message: `No credentials could be had: authenticate failed${error instanceof Error ? ` (${error.message})` : ''}.`,
        cause: error,
      }),
    );
  }
  const headers = checkHeaders(given, 'authenticate');
  addHeaderSecrets(headers, redactor, 'all');
  return headers;
}
