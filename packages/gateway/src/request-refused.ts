/** Of a request; the same as Ray's own. */
export const MAX_BODY_BYTES: number = 1024 * 1024;

/** What 415 says. */
export const NOT_JSON = 'The body must be JSON: send content-type: application/json';

/** An answer that is not success: its status, and what `{"detail": ...}` says. */
export class RequestRefused extends Error {
  override readonly name = 'RequestRefused';
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;

  constructor(statusCode: number, detail: string, headers: Record<string, string> = {}) {
    super(detail);
    this.statusCode = statusCode;
    this.headers = headers;
  }
}
