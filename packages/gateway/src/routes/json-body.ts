import { RequestRefused } from '../request-refused.js';

/**
 * Parses the body of a request.
 *
 * @throws {RequestRefused} 400, when it is not JSON, or for a key that would reach the prototype of the object that it
 *   is copied to
 */
export function parseJsonBody(text: string): unknown {
  let body: unknown;
  try {
    body = JSON.parse(text.replace(/^\ufeff/, ''));
  } catch {
    // The parser's message quotes the body, which may hold secrets.
    throw new RequestRefused(400, 'The body is not valid JSON');
  }
  const key = findPrototypeKey(body);
  if (key === undefined) return body;
  throw new RequestRefused(400, `The body has the key '${key}', which is not allowed: give it another name`);
}

/** Not by recursion: a body may be nested deeper than the stack. */
function findPrototypeKey(body: unknown): string | undefined {
  const open = [body];
  while (open.length > 0) {
    const value = open.pop();
    if (typeof value !== 'object' || value === null) continue;
    if (Object.hasOwn(value, '__proto__')) return '__proto__';
    if (Object.hasOwn(value, 'constructor') && hasPrototype(value.constructor))
      return 'constructor.prototype';
    for (const inner of Object.values(value)) open.push(inner);
  }
  return undefined;
}

function hasPrototype(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, 'prototype');
}
