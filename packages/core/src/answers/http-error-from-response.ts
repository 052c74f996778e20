import { addHeaderSecrets } from '../client/header-record.js';
import { AuthenticationError } from '../errors/authentication-error.js';
import { AuthorizationError } from '../errors/authorization-error.js';
import { BrowserTrafficBlockedError } from '../errors/browser-traffic-blocked-error.js';
import { ConflictError } from '../errors/conflict-error.js';
import type { ErrorDetails } from '../errors/error-details.js';
import { HTTPError } from '../errors/http-error.js';
import { NotFoundError } from '../errors/not-found-error.js';
import { RateLimitError } from '../errors/rate-limit-error.js';
import { ServerError } from '../errors/server-error.js';
import { ValidationError } from '../errors/validation-error.js';
import { Redactor } from '../redaction/redactor.js';
import { parseErrorBody } from './error-body.js';
import { parseRetryAfter } from './retry-after.js';

/** An answer that is not success, its body read as far as it is of use (`readBriefText`). */
export interface RefusedResponse {
  status: number;
  /** Names in lower case. */
  headers: Record<string, string>;
  body: string;
  /** What was asked; its path is shown, its query is not. */
  url: string;
  /** Default `GET`. */
  method?: string;
  /** What was sent, names in lower case: the server may echo its secrets. */
  requestHeaders?: Record<string, string>;
}

const CLASSES: Readonly<Record<number, new (details: ErrorDetails) => HTTPError>> = {
  400: ValidationError,
  401: AuthenticationError,
  403: AuthorizationError,
  404: NotFoundError,
  409: ConflictError,
  422: ValidationError,
  429: RateLimitError,
};

const REMEDIES: Readonly<Record<number, string>> = {
  401: 'Check the token.',
  404: 'Check the ID, and the path of the base URL.',
};

/**
 * The error that a refusal means: its class by the status, its message by what the server said. Transports use it
 * for a refused handshake or stream.
 *
 * @param redactor of the client, where there is one; without it, what is secret by its place is taken out all the same
 */
export function httpErrorFromResponse(
  response: RefusedResponse,
  redactor: Redactor = new Redactor(),
): HTTPError {
  const { status, headers } = response;
  addHeaderSecrets(response.requestHeaders ?? {}, redactor, 'sensitive');
  const { summary, detail } = parseErrorBody(response.body, headers['content-type'], redactor);
  const said = summary === '' ? '' : `: ${summary}`;
  const remedy = summary === '' && REMEDIES[status] !== undefined ? ` ${REMEDIES[status]}` : '';
  const details: ErrorDetails = {
    message: `${response.method ?? 'GET'} ${pathOf(response.url)} was answered ${status}${said || '.'}${remedy}`,
    statusCode: status,
    detail,
    requestId: headers['x-request-id'],
    retryAfterMs: parseRetryAfter(headers['retry-after']),
  };
  return redactor.sanitize(errorOf(status, details, response.body));
}

function errorOf(status: number, details: ErrorDetails, body: string): HTTPError {
  const Class = CLASSES[status];
  if (Class !== undefined) return new Class(details);
  if (status === 405 && /browser traffic/i.test(body)) {
    return new BrowserTrafficBlockedError({
      ...details,
      message: `${details.message} Ray treats this caller as a browser. In Node use undiciRequester() of @raywire/transport-http, in a browser a gateway (@raywire/gateway).`,
    });
  }
  if (status >= 500 && status <= 599) return new ServerError(details);
  if (status >= 400 && status <= 499) return new HTTPError(details);
  return new ServerError({
    ...details,
    code: 'UNEXPECTED_RESPONSE',
    statusCode: 502,
    message: `${details.message} Success or an error was expected.`,
  });
}

/** Without the query: it may hold a ticket. */
function pathOf(url: string): string {
  return URL.canParse(url) ? new URL(url).pathname : 'the URL';
}
