import { ClientError } from '../errors/client-error.js';

/** Nobody reads causes and details deeper than this; cycles end here at the latest. */
const MAX_DEPTH = 16;
/** A longer list or a larger object in an error is cut: it would be copied whole. */
const MAX_ENTRIES = 10_000;
/** Of our errors: constants, whatever a secret looks like, the cursor, which must still resume, and the stack. */
const FIXED: ReadonlySet<PropertyKey> = new Set(['name', 'code', 'limit', 'jobStatus', 'cursor', 'stack']);
/** What people read of other errors. */
const FOREIGN = ['name', 'message', 'code', 'cause', 'errors'];

/** How the parts of an error are redacted; a `name` is a key, or the frames of a stack. */
export type Redaction = Record<'text' | 'name', (part: string) => string>;

/** `Redactor.sanitize`, for any way of redacting text. */
export function sanitizeError(error: unknown, redaction: Redaction): unknown {
  return clean(error, { ...redaction, done: new Map() }, 0);
}

interface Cleaning extends Redaction {
  /** What each object became: cycles stay cycles. */
  done: Map<object, unknown>;
}

function clean(value: unknown, cleaning: Cleaning, depth: number): unknown {
  if (typeof value === 'object' && value !== null) return cleanObject(value, cleaning, depth);
  if (typeof value === 'function') return '[a function]';
  if (value === undefined || value === null || typeof value === 'boolean') return value;
  const text = String(value);
  const redacted = cleaning.text(text);
  return redacted === text ? value : redacted;
}

/** Plain data without a secret stays as it is, with one it is copied. Of a Map, bytes and the like the kind is kept. */
function cleanObject(value: object, cleaning: Cleaning, depth: number): unknown {
  const known = cleaning.done.get(value);
  if (known !== undefined) return known;
  if (isError(value)) return cleanError(value, cleaning, depth);
  const isList = Array.isArray(value);
  const kind = Object.prototype.toString.call(value);
  if (!isList && kind !== '[object Object]') return cleaning.text(kind);
  if (depth > MAX_DEPTH) return '[nested too deep]';
  cleaning.done.set(value, '[a cycle]');
  const keys = Reflect.ownKeys(value).filter((key) => !isList || key !== 'length');
  const kept: [string, unknown][] = [];
  let isSame = isList || [null, Object.prototype].includes(Object.getPrototypeOf(value));
  for (const key of keys.slice(0, MAX_ENTRIES)) {
    // A getter may do anything.
    const property = Object.getOwnPropertyDescriptor(value, key);
    if (typeof key === 'symbol' || property === undefined || !('value' in property)) continue;
    const entry: [string, unknown] = [cleaning.name(key), clean(property.value, cleaning, depth + 1)];
    kept.push(entry);
    isSame &&= entry[0] === key && Object.is(entry[1], property.value);
  }
  const copy = isList ? kept.map(([, item]) => item) : Object.fromEntries(kept);
  const cleaned = isSame && kept.length === keys.length ? value : copy;
  cleaning.done.set(value, cleaned);
  return cleaned;
}

/** Ours is cleaned in place; any other is rebuilt from what people read of it. */
function cleanError(error: Error, cleaning: Cleaning, depth: number): Error {
  if (depth > MAX_DEPTH) return new Error('further causes are left out');
  const isOurs = ClientError.isInstance(error) && Object.isExtensible(error);
  const safe = isOurs ? error : emptyLike(error);
  cleaning.done.set(error, safe);
  const stack = cleanStack(error, cleaning);
  const keys = isOurs ? Object.getOwnPropertyNames(error).filter((key) => !FIXED.has(key)) : FOREIGN;
  for (const key of keys) {
    const before: unknown = Reflect.get(error, key);
    // Of ours, numbers are statuses and counts.
    const after = typeof before === 'number' ? before : clean(before, cleaning, depth + 1);
    if (after !== Reflect.get(safe, key)) define(safe, key, after);
  }
  define(safe, 'stack', stack);
  return safe;
}

function cleanStack({ name, message, stack }: Error, cleaning: Cleaning): string {
  const text = String(stack ?? `${name}: ${message}`);
  const said = `${message}\n`;
  // Frames follow the message. Where it is not in the stack, nothing tells them from other text.
  const frames = text.includes(said) ? text.indexOf(said) + said.length : text.length;
  return cleaning.text(text.slice(0, frames)) + cleaning.name(text.slice(frames));
}

/** Of the built-in class of the original; a class of somebody else's may need what it no longer has. */
function emptyLike(error: Error): Error {
  if (error instanceof AggregateError) return new AggregateError([]);
  const builtIn = [TypeError, RangeError, SyntaxError, ReferenceError, URIError, EvalError];
  return new (builtIn.find((Class) => error instanceof Class) ?? Error)();
}

function define(error: Error, key: string, value: unknown): void {
  // As it was; of what is added, `code` is shown.
  const enumerable = Object.getOwnPropertyDescriptor(error, key)?.enumerable ?? key === 'code';
  Object.defineProperty(error, key, { value, enumerable, configurable: true, writable: true });
}

/** `instanceof` does not know the errors of another realm (a worker's context, a test runner's). */
function isError(value: unknown): value is Error {
  return value instanceof Error || Object.prototype.toString.call(value) === '[object Error]';
}
