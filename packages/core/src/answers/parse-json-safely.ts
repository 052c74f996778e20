/** Any spelling of a key `__proto__` or `constructor`: only then is the slow way taken. */
const SUSPECT =
  /"(?:(?:_|\\u005f){2}(?:[proto]|\\u00[67][0-9a-f]){5}(?:_|\\u005f){2}|(?:[construe]|\\u00[67][0-9a-f]){11})"\s*:/i;

/**
 * Parses JSON without the keys that would change a prototype once the result is merged into another object:
 * `__proto__`, and a `constructor` that holds a `prototype`.
 *
 * @returns `undefined` when it is no JSON
 */
export function parseJsonSafely(text: string): { value: unknown } | undefined {
  try {
    // The plain searches cost a fraction of the expression, and most answers have none of the three. They are quickest
    // for a few characters of which the first is rare in names and IDs.
    const mayBe = text.includes('oto__') || text.includes('uctor') || text.includes('\\u00');
    const reviver = mayBe && SUSPECT.test(text) ? withoutPrototypes : undefined;
    return { value: JSON.parse(text, reviver) };
  } catch {
    // The engine's message quotes the text, and says no more than that it is none.
    return undefined;
  }
}

function withoutPrototypes(key: string, value: unknown): unknown {
  if (key === '__proto__') return undefined;
  const isPrototype =
    key === 'constructor' && typeof value === 'object' && value !== null && Object.hasOwn(value, 'prototype');
  return isPrototype ? undefined : value;
}
