import { describeInput, describeType } from './describe-input.js';
import { nearest } from './option-hints.js';
import { type OptionKind, type OptionTable, optionNames } from './option-table.js';
import { readOptions } from './read-options.js';
import { optionPlace, refuseOption } from './refuse-option.js';

/** What a kind may say besides. */
interface KindDetails<Fallback> {
  fallback?: Fallback | undefined;
  /** What to pass instead: a sentence after a space, or nothing. */
  remedy?: ((value: unknown, option: string) => string) | undefined;
  /** How a value is shown that is refused: `describeType` where it may be a secret. Default `describeInput`. */
  describe?: ((value: unknown) => string) | undefined;
}

/**
 * The values that `accepts` takes, as they are.
 *
 * @param what follows "must be" in the message
 */
// @__NO_SIDE_EFFECTS__
export function kind<Value, Fallback extends Value | undefined = undefined>(
  what: string,
  accepts: (value: unknown) => boolean,
  { fallback, remedy, describe = describeInput }: KindDetails<Fallback> = {},
): OptionKind<Value, NoInfer<Fallback>> {
  return {
    fallback: fallback as Fallback,
    check(value, option, where) {
      if (accepts(value)) return value as Value;
      const hint = remedy?.(value, option) ?? '';
      return refuseOption(`${optionPlace(option, where)} must be ${what}, but is ${describe(value)}.${hint}`);
    },
  };
}

/** `true` or `false`. */
// @__NO_SIDE_EFFECTS__
export function flag<Fallback extends boolean | undefined = undefined>(
  fallback?: Fallback,
): OptionKind<boolean, NoInfer<Fallback>> {
  return kind('a boolean', (value) => typeof value === 'boolean', { fallback: fallback as Fallback });
}

/** One of these strings; the first is the default. */
// @__NO_SIDE_EFFECTS__
export function oneOf<const Values extends readonly [string, string, ...string[]]>(
  ...values: Values
): OptionKind<Values[number], Values[0]> {
  const quoted = values.map((value) => `'${value}'`);
  const what = `${quoted.slice(0, -1).join(', ')} or ${quoted.at(-1)}`;
  return kind(what, (value) => values.includes(value as string), {
    fallback: values[0],
    remedy(value, option) {
      const near = typeof value === 'string' ? nearest(value, values) : undefined;
      return near === undefined ? '' : ` Pass ${option}: '${near}'.`;
    },
  });
}

/** Milliseconds above 0. */
// @__NO_SIDE_EFFECTS__
export function duration<Fallback extends number | undefined = undefined>(
  fallback?: Fallback,
  max: number = 300_000,
): OptionKind<number, NoInfer<Fallback>> {
  const bound = max === Number.POSITIVE_INFINITY ? '' : ` and at most ${max}`;
  return kind(
    `a number of milliseconds above 0${bound}`,
    (value) => typeof value === 'number' && value > 0 && value <= max,
    {
      fallback: fallback as Fallback,
      remedy(value, option) {
        const seconds = typeof value === 'string' && value.trim() !== '' ? Number(value) : Number.NaN;
        if (!(seconds > 0)) return '';
        // A time-out this short would be of no use: the number is of seconds.
        const milliseconds = seconds < 300 ? seconds * 1000 : seconds;
        return ` Pass a number of milliseconds, such as ${option}: ${Math.min(milliseconds, max)}.`;
      },
    },
  );
}

/** `min` is 1 unless it is given; `orInfinity`: Infinity is taken too, and means no limit. */
interface CountRange {
  min?: number;
  max?: number;
  orInfinity?: boolean;
}

/** A whole number. */
// @__NO_SIDE_EFFECTS__
export function count<Fallback extends number | undefined = undefined>(
  { min = 1, max = Number.MAX_SAFE_INTEGER, orInfinity = false }: CountRange = {},
  fallback?: Fallback,
): OptionKind<number, NoInfer<Fallback>> {
  const lowest = min === 1 ? 'above 0' : `of at least ${min}`;
  const range = max === Number.MAX_SAFE_INTEGER ? lowest : `from ${min} to ${max}`;
  const isInRange = (value: unknown): boolean =>
    Number.isSafeInteger(value) && (value as number) >= min && (value as number) <= max;
  return kind(
    `a whole number ${range}${orInfinity ? ', or Infinity for no limit' : ''}`,
    (value) => isInRange(value) || (orInfinity && value === Number.POSITIVE_INFINITY),
    { fallback: fallback as Fallback },
  );
}

/** A finite number of at least 0. */
// @__NO_SIDE_EFFECTS__
export function amount<Fallback extends number | undefined = undefined>(
  fallback?: Fallback,
): OptionKind<number, NoInfer<Fallback>> {
  return kind('a number of at least 0', (value) => Number.isFinite(value) && (value as number) >= 0, {
    fallback: fallback as Fallback,
  });
}

/** A string that is not empty. */
// @__NO_SIDE_EFFECTS__
export function text<Value extends string = string, Fallback extends Value | undefined = undefined>(
  what: string,
  fallback?: Fallback,
): OptionKind<Value, NoInfer<Fallback>> {
  return kind<Value, Fallback>(what, (value) => typeof value === 'string' && value !== '', { fallback });
}

/** A secret in text, which is never shown. */
// @__NO_SIDE_EFFECTS__
export function secret(what: string, pattern: RegExp): OptionKind<string, undefined> {
  return kind(what, (value) => typeof value === 'string' && pattern.test(value), {
    describe: (value) =>
      typeof value === 'string' && value !== '' ? 'a string with other characters' : describeType(value),
  });
}

/** A function. */
// @__NO_SIDE_EFFECTS__
export function callback<
  Value extends (...args: never[]) => unknown,
  Fallback extends Value | undefined = undefined,
>(fallback?: Fallback): OptionKind<Value, NoInfer<Fallback>> {
  const isFunction = (value: unknown): boolean => typeof value === 'function';
  return kind<Value, Fallback>('a function', isFunction, { fallback, describe: describeType });
}

/** What `value` takes, or a function that gives it, whose result is checked when it is there. */
// @__NO_SIDE_EFFECTS__
export function orFunction<Value, Result = Value>(
  value: OptionKind<Value>,
): OptionKind<Value | (() => Result), undefined> {
  return checkedBy((given, option, where) =>
    typeof given === 'function' ? (given as () => Result) : value.check(given, option, where),
  );
}

/** An array whose entries are of one kind. */
// @__NO_SIDE_EFFECTS__
export function arrayOf<Value, Fallback extends readonly Value[] | undefined = undefined>(
  entries: OptionKind<Value>,
  fallback?: Fallback,
): OptionKind<readonly Value[], NoInfer<Fallback>> {
  const { check } = kind<readonly unknown[]>('an array', Array.isArray);
  return {
    fallback: fallback as Fallback,
    check: (value, option, where) =>
      check(value, option, where).map((entry, index) => entries.check(entry, `${option}[${index}]`, where)),
  };
}

/** What `check` takes, as it gives it. */
// @__NO_SIDE_EFFECTS__
export function checkedBy<Value>(check: OptionKind<Value>['check']): OptionKind<Value, undefined> {
  return { fallback: undefined, check };
}

/** Any value: it is checked elsewhere. */
// @__NO_SIDE_EFFECTS__
export function unchecked<Value>(): OptionKind<Value, undefined> {
  return checkedBy((value) => value as Value);
}

/** An object that is not an array. */
// @__NO_SIDE_EFFECTS__
export function record<Value extends object>(): OptionKind<Value, undefined> {
  return kind('an object', isRecord, { describe: describeType });
}

/** An object whose values are of one kind. */
// @__NO_SIDE_EFFECTS__
export function recordOf<Value>(values: OptionKind<Value>): OptionKind<Record<string, Value>, undefined> {
  const { check } = record<Record<string, unknown>>();
  return checkedBy((value, option, where) => {
    const entries = Object.entries(check(value, option, where));
    return Object.fromEntries(
      entries.map(([name, entry]) => [name, values.check(entry, `${option}.${name}`, where)]),
    );
  });
}

/** An object with options of its own, its defaults filled in. */
// @__NO_SIDE_EFFECTS__
export function nested<Value extends object>(
  table: OptionTable<NoInfer<Value>>,
): OptionKind<Value, undefined> {
  return {
    fallback: undefined,
    inner: () => optionNames(table),
    check: (value, option, where) => readOptions(table, value, optionPlace(option, where)) as Value,
  };
}

/** An object that implements a contract of version 1, such as `example`. */
// @__NO_SIDE_EFFECTS__
export function contract<Value extends { readonly contractVersion: 1 }>(
  what: string,
  example: string,
  accepts: (value: Partial<Value>) => boolean,
): OptionKind<Value, undefined> {
  return kind(
    `${what} of contract version 1, such as ${example}`,
    (value) => isRecord(value) && value.contractVersion === 1 && accepts(value as Partial<Value>),
    {
      remedy(value) {
        const { name, contractVersion = 1 } = isRecord(value) ? value : {};
        if (contractVersion === 1) return '';
        const who = typeof name === 'string' ? describeInput(name) : 'It';
        return ` ${who} has contract version ${describeInput(contractVersion)}; install matching versions.`;
      },
    },
  );
}

/** An option that must be given. */
// @__NO_SIDE_EFFECTS__
export function required<Value>(optional: OptionKind<Value>): OptionKind<Value, Value> {
  return { ...(optional as OptionKind<Value, Value>), isRequired: true };
}

/**
 * A name that is not an option here.
 *
 * @param refusal ends the sentence "… has no option "x": "
 */
// @__NO_SIDE_EFFECTS__
export function refused(refusal: string): OptionKind<never, undefined> {
  return { ...unchecked<never>(), refusal };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
