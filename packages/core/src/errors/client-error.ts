import type { ErrorCode } from './error-code.js';

/** What every Raywire error is made of. */
export interface ClientErrorOptions {
  /** One sentence: what failed, which input, and the remedy. Never a secret. */
  message: string;
  /** Upper snake case, one a class or finer; all of them are listed in this package's README. */
  code: ErrorCode;
  /** The HTTP status that says it best; `undefined` only for `JobFailedError`. */
  statusCode?: number | undefined;
  /** What the server said, as it said it (parsed JSON or text), redacted. */
  detail?: unknown;
  /** The server's `x-request-id`, where it sent one. */
  requestId?: string | undefined;
  /** From `Retry-After`, in milliseconds. */
  retryAfterMs?: number | undefined;
  /** The error behind it; an `AggregateError` where several ways were tried. */
  cause?: unknown;
}

// Shared through the registry of symbols, so that two copies of this package know each other's errors.
const BRANDS = Symbol.for('raywire.error.brands');

/**
 * The root of all errors of Raywire.
 *
 * @example
 * ```ts
 * import { AgentClient, ClientError } from '@raywire/agent';
 *
 * const client = new AgentClient({ baseURL: 'http://127.0.0.1:8899' });
 * try {
 *   await client.getJob('raysubmit_abc123');
 * } catch (error) {
 *   if (ClientError.isInstance(error) && error.statusCode === 404) console.log('no such job');
 *   else throw error;
 * }
 * ```
 */
export class ClientError extends Error {
  /** The name of the class, and what `isInstance` looks for. */
  static readonly brand: string = 'ClientError';

  /** The HTTP status that says it best; `undefined` only for `JobFailedError`. */
  readonly statusCode: number | undefined;
  /** Upper snake case, one a class or finer: `NOT_FOUND`, `CONNECT_TIMEOUT`; core's README lists all of them. */
  readonly code: ErrorCode;
  /** What the server said, as it said it (parsed JSON or text), redacted; `undefined` where it said nothing. */
  readonly detail: unknown;
  /** The server's `x-request-id`, where it sent one. */
  readonly requestId: string | undefined;
  /** How long the server asks to wait, in milliseconds. */
  readonly retryAfterMs: number | undefined;

  constructor(options: ClientErrorOptions) {
    super(options.message, options.cause === undefined ? undefined : { cause: options.cause });
    // Named once for both: terser moves a lone `new.target` into functions that it inlines, where there is none.
    const errorClass = new.target;
    Object.defineProperty(this, 'name', { value: errorClass.brand, configurable: true, writable: true });
    Object.defineProperty(this, BRANDS, { value: brandsOf(errorClass) });
    this.code = options.code;
    this.statusCode = options.statusCode;
    this.detail = options.detail;
    this.requestId = options.requestId;
    this.retryAfterMs = options.retryAfterMs;
  }

  /** Like `instanceof`, but true across duplicate copies of this package too. */
  static isInstance<Class extends abstract new (...args: never[]) => ClientError>(
    this: Class & { readonly brand: string },
    value: unknown,
  ): value is InstanceType<Class> {
    if (typeof value !== 'object' || value === null) return false;
    const brands = (value as Record<symbol, unknown>)[BRANDS];
    // biome-ignore lint/complexity/noThisInStatic: each subclass looks for its own brand.
    return Array.isArray(brands) && brands.includes(this.brand);
  }

  /** What `JSON.stringify` shows, the fields of subclasses too; an `Error` alone would show nothing. */
  toJSON(): Record<string, unknown> {
    // What the language keeps of an error (`stack`, `cause`) is not enumerable.
    return { name: this.name, message: this.message, ...Object.fromEntries(Object.entries(this)) };
  }
}

function brandsOf(errorClass: { readonly brand: string }): string[] {
  const brands: string[] = [];
  let current: unknown = errorClass;
  while (typeof current === 'function' && current !== Error) {
    brands.push((current as unknown as { brand: string }).brand);
    current = Object.getPrototypeOf(current);
  }
  return brands;
}
