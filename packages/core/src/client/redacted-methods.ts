import type { Redactor } from '../redaction/redactor.js';

/** On a prototype whose methods are redacted already. */
const REDACTED_METHODS = /* @__PURE__ */ Symbol('raywire.redactedMethods');

type Method = (this: { readonly redactor: Redactor }, ...args: unknown[]) => unknown;

/**
 * Has all methods and setters of a class of clients, and of the classes below it, throw and reject without the secrets
 * that the client holds: whatever stands in the message, an argument of the caller's too.
 *
 * @param prototype of the class; a class counts as one of clients where it has its own `optionNames`
 */
export function redactMethods(prototype: object): void {
  for (let one = prototype; one !== Object.prototype; one = Object.getPrototypeOf(one)) {
    if (Object.hasOwn(one, REDACTED_METHODS) || !Object.hasOwn(one.constructor, 'optionNames')) continue;
    Object.defineProperty(one, REDACTED_METHODS, { value: true });
    for (const key of Reflect.ownKeys(one)) {
      const property = Object.getOwnPropertyDescriptor(one, key) as PropertyDescriptor;
      if (key === 'constructor') continue;
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
 */
export function redacted<T>(redactor: Redactor, args: readonly unknown[], run: () => T): T {
  const fail = (error: unknown): never => {
    const isReason = (arg: unknown): boolean => {
      const { signal } = (arg ?? {}) as { signal?: AbortSignal };
      return signal?.aborted === true && signal.reason === error;
    };
    throw args.some(isReason) ? error : redactor.sanitize(error);
  };
  try {
    const result = run();
    if (result instanceof Promise) return result.catch(fail) as T;
    const isGenerator = Object.prototype.toString.call(result) === '[object AsyncGenerator]';
    return isGenerator ? (redactedGenerator(result as AsyncGenerator, fail) as T) : result;
  } catch (error) {
    return fail(error);
  }
}

function redactedMethod(method: Method): Method {
  const same = { name: { value: method.name }, length: { value: method.length } };
  return Object.defineProperties(
    function (...args) {
      return redacted(this.redactor, args, () => method.apply(this, args));
    } as Method,
    same,
  );
}

async function* redactedGenerator<T>(
  generator: AsyncGenerator<T>,
  fail: (error: unknown) => never,
): AsyncGenerator<T, unknown, unknown> {
  try {
    return yield* generator;
  } catch (error) {
    return fail(error);
  }
}
