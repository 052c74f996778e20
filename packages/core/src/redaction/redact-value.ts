const MAX_DEPTH = 12;
/** A longer list or a larger object in an error is cut: it would be copied whole. */
const MAX_ENTRIES = 10_000;

type Redact = (text: string) => string;
type Special = (value: unknown) => { cleaned: unknown } | undefined;

/**
 * A value of any kind without secrets: the very same where there is none in it, else a copy as plain data.
 *
 * @param special takes over for the values that it knows
 */
export function redactValue(value: unknown, redact: Redact, special: Special = () => undefined): unknown {
  return new ValueRedaction(redact, special).clean(value, 0);
}

class ValueRedaction {
  // By the original, its copy; itself while it is being looked at: a cycle ends there.
  readonly #seen = new Map<object, unknown>();

  constructor(
    readonly redact: Redact,
    readonly special: Special,
  ) {}

  clean(value: unknown, depth: number): unknown {
    switch (typeof value) {
      case 'string':
        return this.redact(value);
      case 'number':
      case 'bigint':
      case 'symbol': {
        const text = String(value);
        const redacted = this.redact(text);
        return redacted === text ? value : redacted;
      }
      case 'function':
        return '[a function]';
      case 'object':
        return value === null ? null : this.#cleanObject(value, depth);
      default:
        return value;
    }
  }

  #cleanObject(value: object, depth: number): unknown {
    const taken = this.special(value);
    if (taken !== undefined) return taken.cleaned;
    if (this.#seen.has(value)) return this.#seen.get(value);
    if (depth >= MAX_DEPTH) return '[nested too deep]';
    this.#seen.set(value, '[a cycle]');
    const cleaned = this.#cleanContent(value, depth + 1);
    this.#seen.set(value, cleaned);
    return cleaned;
  }

  #cleanContent(value: object, depth: number): unknown {
    if (Array.isArray(value)) return this.#cleanArray(value, depth);
    if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return `[${value.byteLength} bytes]`;
    if (value instanceof Date) return value;
    if (value instanceof URL || value instanceof URLSearchParams) return this.redact(value.toString());
    if (value instanceof Map) return new Map(this.#cleanArray([...value], depth) as [unknown, unknown][]);
    if (value instanceof Set) return new Set(this.#cleanArray([...value], depth));
    if (value instanceof Headers) return this.#cleanProperties(Object.fromEntries(value), depth);
    return this.#cleanProperties(value, depth);
  }

  #cleanArray(values: unknown[], depth: number): unknown[] {
    const kept = values.length > MAX_ENTRIES ? values.slice(0, MAX_ENTRIES) : values;
    const cleaned = kept.map((item) => this.clean(item, depth));
    return kept === values && cleaned.every((item, index) => Object.is(item, values[index]))
      ? values
      : cleaned;
  }

  #cleanProperties(value: object, depth: number): unknown {
    const cleaned: [string, unknown][] = [];
    // Data may be looked at; a getter may do anything, and an object with one is somebody else's.
    let changed = !isPlain(value);
    for (const key of Reflect.ownKeys(value).slice(0, MAX_ENTRIES)) {
      const property = Object.getOwnPropertyDescriptor(value, key);
      if (typeof key === 'symbol' || property === undefined || !('value' in property)) {
        changed = true;
        continue;
      }
      const cleanKey = this.redact(key);
      const cleanValue = this.clean(property.value, depth);
      if (cleanKey !== key || !Object.is(cleanValue, property.value)) changed = true;
      cleaned.push([cleanKey, cleanValue]);
    }
    if (Reflect.ownKeys(value).length > MAX_ENTRIES) changed = true;
    return changed ? Object.fromEntries(cleaned) : value;
  }
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}
