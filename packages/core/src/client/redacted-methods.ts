import type { Redactor } from '../redaction/redactor.js';

/** On a prototype whose methods are redacted already. */
const REDACTED_METHODS = /* @__PURE__ */ Symbol('raywire.redactedMethods');

/** The method by which a class of clients, and those below it, give what a failure of an asynchronous call means. */
export const EXPLAIN: unique symbol = /* @__PURE__ */ Symbol('raywire.explain');

interface Client {
  readonly redactor: Redactor;
  [EXPLAIN]?(error: unknown): Promise<unknown>;
}

type Method = (this: Client, ...args: unknown[]) => unknown;

/**
 * Has all methods and setters of a class of clients, and of the classes above it, throw and reject without the secrets
 * that the client holds: whatever is in the message, an argument of the caller included.
 *
 * @param prototype of the class; a class is one of clients where it has its own `optionNames`
 */
export function redactMethods(prototype: object): void {
  for (let one = prototype; one !== Object.prototype; one = Object.getPrototypeOf(one)) {
    if (Object.hasOwn(one, REDACTED_METHODS) || !Object.hasOwn(one.constructor, 'optionNames')) continue;
    Object.defineProperty(one, REDACTED_METHODS, { value: true });
    for (const key of Reflect.ownKeys(one)) {
      const property = Object.getOwnPropertyDescriptor(one, key) as PropertyDescriptor;
      if (key === 'constructor' || key === EXPLAIN) continue;
      const redactedMethod = (method: Method): Method =>
        Object.defineProperties(
          function (...args) {
            return redacted(this, args, () => method.apply(this, args), EXPLAIN in one);
          } as Method,
          { name: { value: method.name }, length: { value: method.length } },
        );
      if (property.set !== undefined) property.set = redactedMethod(property.set as Method);
      else if (typeof property.value === 'function')
        property.value = redactedMethod(property.value as Method);
      Object.defineProperty(one, key, property);
    }
  }
}

/**
 * What `run` gives; what it throws, or its promise or generator later, comes without secrets.
 *
 * @param args of the call: the reason of an aborted signal among them is thrown as it is
 * @param isExplained whether the client is asked what a failure means
 */
export function redacted<T>(
  client: Client,
  args: readonly unknown[],
  run: () => T,
  isExplained: boolean = EXPLAIN in client,
): T {
  const fail = (error: unknown): never => {
    throw isReason(error, args) ? error : client.redactor.sanitize(error);
  };
  const failLater = async (error: unknown): Promise<never> =>
    fail(isExplained && !isReason(error, args) ? await client[EXPLAIN]?.(error) : error);
  try {
    const result = run();
    if (result instanceof Promise) return result.catch(failLater) as T;
    const isGenerator = Object.prototype.toString.call(result) === '[object AsyncGenerator]';
    return isGenerator ? (failing(result as AsyncGenerator, failLater) as T) : result;
  } catch (error) {
    return fail(error);
  }
}

function isReason(error: unknown, args: readonly unknown[]): boolean {
  return args.some((arg) => {
    const { signal } = (arg ?? {}) as { signal?: AbortSignal };
    return signal?.aborted === true && signal.reason === error;
  });
}

async function* failing<T>(
  generator: AsyncGenerator<T>,
  fail: (error: unknown) => Promise<never>,
): AsyncGenerator<T, unknown, unknown> {
  try {
    return yield* generator;
  } catch (error) {
    return fail(error);
  }
}
