import { Redactor } from '../redaction/redactor.js';

const MAX_SHOWN = 60;

/** What was given, as an error message may show it: JSON-quoted, at most 60 characters, without URL credentials. */
export function describeInput(value: unknown): string {
  switch (typeof value) {
    case 'string': {
      const text = new Redactor().redact(value.slice(0, MAX_SHOWN * 16));
      return JSON.stringify(text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text);
    }
    case 'bigint':
      return `${value}n`;
    case 'function':
    case 'symbol':
      return `a ${typeof value}`;
    case 'object':
      if (value === null) return 'null';
      return Array.isArray(value) ? 'an array' : 'an object';
    default:
      return String(value);
  }
}

/** The type of what was given, for a place where a secret may have been given. */
export function describeType(value: unknown): string {
  if (value === '') return 'an empty string';
  return typeof value === 'object' || value === undefined ? describeInput(value) : `a ${typeof value}`;
}
