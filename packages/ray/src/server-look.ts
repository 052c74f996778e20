import { type ApiClient, HTTPError, UnsupportedByServerError } from '@raywire/core';

/** A look must not keep a caller from its error for long. */
const LOOK_MS = 3_000;

/**
 * After a 404, finds out what kind of server a client is talking to: one request, once a client. "No such job" of a
 * server that is another one would send its user the wrong way.
 */
export class ServerLook {
  readonly #look: ((api: ApiClient) => Promise<string | undefined>) | undefined;
  readonly #told = new WeakSet<object>();
  #verdict: Promise<string | undefined> | undefined;

  /** @param look of a backend */
  constructor(look: ((api: ApiClient) => Promise<string | undefined>) | undefined) {
    this.#look = look;
  }

  /** The error, or where the server is another one an `UnsupportedByServerError` that says so. */
  async explain(api: ApiClient, error: unknown): Promise<unknown> {
    if (this.#look === undefined || !isDoubtful(error) || this.#told.has(error)) return error;
    this.#verdict ??= this.#look(api).catch(() => undefined);
    const message = await this.#verdict;
    if (message === undefined) return error;
    // What said already which route is missing, and since when Ray has it, says it still.
    const known = UnsupportedByServerError.isInstance(error) ? `${error.message} ` : '';
    const told = new UnsupportedByServerError({ message: known + message, cause: error });
    this.#told.add(told);
    return told;
  }
}

/** A 404 of a route or of a resource: nothing else tells them apart. */
function isDoubtful(error: unknown): error is object {
  if (UnsupportedByServerError.isInstance(error)) return true;
  return (
    HTTPError.isInstance(error) &&
    /^(?:NOT_FOUND:404|HTTP_ERROR:405)$/.test(`${error.code}:${error.statusCode}`)
  );
}

/**
 * What a server says at a path.
 *
 * @returns `undefined`: it has nothing there, or nothing that is JSON
 * @throws {ClientError} when it does not say
 */
export async function lookAt(api: ApiClient, path: string): Promise<Record<string, unknown> | undefined> {
  try {
    const { data } = await api.request<unknown>({ path, timeoutMs: LOOK_MS, maxRetries: 0 });
    return typeof data === 'object' && data !== null ? (data as Record<string, unknown>) : undefined;
  } catch (error) {
    if (HTTPError.isInstance(error) && (error.statusCode === 404 || error.code === 'UNEXPECTED_RESPONSE'))
      return undefined;
    throw error;
  }
}

/** A base URL without a path of an API at its end; the same where there is none. */
export function withoutApiPath(baseURL: string): string {
  return baseURL.replace(/(?:\/(?:api|jobs))+\/$/, '/');
}
