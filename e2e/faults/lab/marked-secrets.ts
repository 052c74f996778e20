import { inspect } from 'node:util';

/** Secrets with characters that every encoding changes. Each has a core that no encoding of text touches. */
export const SECRETS = {
  agentToken: 'agent/+<&> SECRETCORE1',
  userToken: 'user\\"SECRETCORE2==',
  tenant: 'tenant;%41SECRETCORE3',
  password: 'SECRETCORE4',
  query: 'SECRETCORE5',
} as const;

const CORE = /SECRETCORE\d/;

/** The ways in which an error page writes what it echoes. */
export const ENCODINGS: Readonly<Record<string, (text: string) => string>> = {
  'as it is': (text) => text,
  'as JSON': (text) => JSON.stringify(text),
  'percent-encoded': encodeURIComponent,
  'as a form': (text) => new URLSearchParams({ q: text }).toString(),
  'as HTML': (text) => text.replace(/[&<>"]/g, (character) => ENTITIES[character] as string),
  'in base64': (text) => Buffer.from(text).toString('base64'),
};

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Whether a text has a secret in it, base64 included. */
export function hasSecret(text: string): boolean {
  if (CORE.test(text)) return true;
  const runs = text.match(/[A-Za-z0-9+/_-]{12,}={0,2}/g) ?? [];
  // Base64 may begin at any of four places.
  return runs.some((run) =>
    [0, 1, 2, 3].some((from) => CORE.test(Buffer.from(run.slice(from), 'base64').toString())),
  );
}

/** All that can be printed of a value: every property, own and inherited, of it and of what hangs on it. */
export function printable(value: unknown, seen: Set<unknown> = new Set()): string {
  if (typeof value !== 'object' || value === null) return String(value);
  if (seen.has(value)) return '';
  seen.add(value);
  const parts = [inspect(value, { depth: 20, showHidden: true, getters: true, maxStringLength: null })];
  if (value instanceof Error) parts.push(String(value), String(value.stack), String(value.message));
  parts.push(jsonOf(value));
  for (const key of Reflect.ownKeys(value)) parts.push(String(key), printable(Reflect.get(value, key), seen));
  return parts.join('\n');
}

function jsonOf(value: object): string {
  try {
    return JSON.stringify(value) ?? '';
  } catch {
    // A cycle has no JSON; its parts are looked at one by one.
    return '';
  }
}
