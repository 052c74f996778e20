import { ClientError } from '../errors/client-error.js';
import { redactValue } from './redact-value.js';

/** Nobody reads causes deeper than this; cycles end here at the latest. */
const MAX_DEPTH = 16;

type Redact = (text: string) => string;

/** `Redactor.sanitize`, for any way of redacting text. */
export function sanitizeError(error: unknown, redact: Redact): unknown {
  return clean(error, { redact, done: new Map() }, 0);
}

interface Cleaning {
  redact: Redact;
  /** What has been cleaned already, so that cycles stay cycles. */
  done: Map<object, unknown>;
}

function clean(value: unknown, cleaning: Cleaning, depth: number): unknown {
  if (!isError(value))
    return redactValue(value, cleaning.redact, (inner) => cleanNested(inner, cleaning, depth));
  const known = cleaning.done.get(value);
  if (known !== undefined) return known;
  if (depth > MAX_DEPTH) return new Error('further causes are left out');
  if (ClientError.isInstance(value) && Object.isExtensible(value))
    return cleanInPlace(value, cleaning, depth);
  return rebuild(value, cleaning, depth);
}

/** What `redactValue` finds inside a value: only errors are of interest here. */
function cleanNested(value: unknown, cleaning: Cleaning, depth: number): { cleaned: unknown } | undefined {
  return isError(value) ? { cleaned: clean(value, cleaning, depth + 1) } : undefined;
}

function cleanInPlace(error: ClientError, cleaning: Cleaning, depth: number): ClientError {
  cleaning.done.set(error, error);
  for (const key of Reflect.ownKeys(error)) {
    // The brands, the name and the code are constants; numbers such as the status are no secrets.
    if (typeof key === 'symbol' || key === 'name' || key === 'code') continue;
    const before: unknown = Reflect.get(error, key);
    if (typeof before === 'number') continue;
    const after = clean(before, cleaning, depth + 1);
    if (after !== before) define(error, key, after);
  }
  // Where the engine keeps the stack on the prototype it is no own property.
  if (typeof error.stack === 'string') define(error, 'stack', cleaning.redact(error.stack));
  return error;
}

function rebuild(error: Error, cleaning: Cleaning, depth: number): Error {
  const message = cleaning.redact(String(error.message));
  const rebuilt =
    error instanceof AggregateError ? new AggregateError([], message) : emptyLike(error, message);
  cleaning.done.set(error, rebuilt);
  const name = cleaning.redact(String(error.name));
  if (rebuilt.name !== name) define(rebuilt, 'name', name);
  define(rebuilt, 'stack', cleaning.redact(String(error.stack ?? `${name}: ${message}`)));
  const { code, cause, errors } = error as { code?: unknown; cause?: unknown; errors?: unknown };
  if (typeof code === 'string') define(rebuilt, 'code', cleaning.redact(code), true);
  if (typeof code === 'number') define(rebuilt, 'code', code, true);
  if (cause !== undefined) define(rebuilt, 'cause', clean(cause, cleaning, depth + 1));
  if (Array.isArray(errors)) {
    define(
      rebuilt,
      'errors',
      errors.map((inner) => clean(inner, cleaning, depth + 1)),
    );
  }
  return rebuilt;
}

/** Of the built-in class of the original; a class of somebody else's may need what it no longer has. */
function emptyLike(error: Error, message: string): Error {
  for (const BuiltIn of [TypeError, RangeError, SyntaxError, ReferenceError, URIError, EvalError]) {
    if (error instanceof BuiltIn) return new BuiltIn(message);
  }
  return new Error(message);
}

function define(error: Error, key: string, value: unknown, enumerable?: boolean): void {
  const shown = enumerable ?? Object.getOwnPropertyDescriptor(error, key)?.enumerable ?? false;
  Object.defineProperty(error, key, { value, enumerable: shown, configurable: true, writable: true });
}

/** `instanceof` does not know the errors of another realm (a worker's context, a test runner's). */
function isError(value: unknown): value is Error {
  return value instanceof Error || Object.prototype.toString.call(value) === '[object Error]';
}
