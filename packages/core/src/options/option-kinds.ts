import { describeInput, describeType } from './describe-input.js';
import { nearest } from './option-hints.js';
import { type OptionKind, type OptionTable, optionNames } from './option-table.js';
import { readOptions, refuseOption } from './read-options.js';

// A default is what is given for it, never what is expected of it.
type Kind<Value, Default extends Value | undefined = undefined> = OptionKind<Value, NoInfer<Default>>;
type Maybe<Value> = Value | undefined;

/**
 * The values that `accepts` takes, as they are. @__NO_SIDE_EFFECTS__
 *
 * @param what follows "must be" in the message
 * @param details.remedy a sentence after a space, or nothing; `details.describe` shows what was given, by default with
 *   its value: `describeType` where that may be a secret
 */
export function kind<Value, Default extends Maybe<Value> = undefined>(
  what: string,
  accepts: (value: unknown) => boolean,
  details: {
    fallback?: Maybe<Default>;
    remedy?: (value: unknown, option: string) => string;
    describe?: (value: unknown) => string;
  } = {},
): Kind<Value, Default> {
  const { fallback, remedy = () => '', describe = describeInput } = details;
  return {
    fallback: fallback as Default,
    check(value, place) {
      if (accepts(value)) return value as Value;
      const option = place.slice(Math.max(place.lastIndexOf(' '), place.lastIndexOf('.')) + 1);
      return refuseOption(`${place} must be ${what}, but is ${describe(value)}.${remedy(value, option)}`);
    },
  };
}

/** `true` or `false`. @__NO_SIDE_EFFECTS__ */
export function flag<Default extends Maybe<boolean> = undefined>(fallback?: Default): Kind<boolean, Default> {
  return kind('a boolean', (value) => typeof value === 'boolean', { fallback });
}

/** One of these strings; the first is the default. @__NO_SIDE_EFFECTS__ */
export function oneOf<const Values extends readonly [string, string, ...string[]]>(
  ...values: Values
): OptionKind<Values[number], Values[0]> {
  const quoted = values.map((value) => `'${value}'`);
  return kind(
    `${quoted.slice(0, -1).join(', ')} or ${quoted.at(-1)}`,
    (value) => values.includes(value as string),
    {
      fallback: values[0],
      remedy(value, option) {
        const near = typeof value === 'string' ? nearest(value, values) : undefined;
        return near === undefined ? '' : ` Pass ${option}: '${near}'.`;
      },
    },
  );
}

/** Milliseconds above 0. @__NO_SIDE_EFFECTS__ */
export function duration<Default extends Maybe<number> = undefined>(
  fallback?: Default,
  max = 300_000,
): Kind<number, Default> {
  const bound = max === Number.POSITIVE_INFINITY ? '' : ` and at most ${max}`;
  const accepts = (value: unknown): boolean => typeof value === 'number' && value > 0 && value <= max;
  return kind(`a number of milliseconds above 0${bound}`, accepts, {
    fallback,
    remedy(value, option) {
      const time = typeof value === 'string' ? Number(value) : 0;
      if (!(time > 0)) return '';
      // A time-out this short would be of no use: the number is of seconds.
      return ` Pass a number of milliseconds, such as ${option}: ${Math.min(time < 300 ? time * 1000 : time, max)}.`;
    },
  });
}

/** A whole number of at least `min` (1); Infinity means no limit where `orInfinity` allows it. @__NO_SIDE_EFFECTS__ */
export function count<Default extends Maybe<number> = undefined>(
  range: { min?: number; max?: number; orInfinity?: boolean } = {},
  fallback?: Default,
): Kind<number, Default> {
  const { min = 1, max = Number.MAX_SAFE_INTEGER, orInfinity = false } = range;
  const lowest = min === 1 ? 'above 0' : `of at least ${min}`;
  const bounds = max === Number.MAX_SAFE_INTEGER ? lowest : `from ${min} to ${max}`;
  const accepts = (value: unknown): boolean =>
    (Number.isSafeInteger(value) && Number(value) >= min && Number(value) <= max) ||
    (orInfinity && value === Number.POSITIVE_INFINITY);
  return kind(`a whole number ${bounds}${orInfinity ? ', or Infinity for no limit' : ''}`, accepts, {
    fallback,
  });
}

/** A finite number of at least 0. @__NO_SIDE_EFFECTS__ */
export function amount<Default extends Maybe<number> = undefined>(fallback?: Default): Kind<number, Default> {
  const accepts = (value: unknown): boolean => Number.isFinite(value) && Number(value) >= 0;
  return kind('a number of at least 0', accepts, { fallback });
}

/** A string that is not empty. @__NO_SIDE_EFFECTS__ */
export function text<Value extends string, Default extends Maybe<Value> = undefined>(
  what: string,
  fallback?: Default,
): Kind<Value, Default> {
  return kind(what, (value) => typeof value === 'string' && value !== '', { fallback });
}

/** A secret in text, which is never shown. @__NO_SIDE_EFFECTS__ */
export function secret(what: string, pattern: RegExp): Kind<string> {
  const text = kind<string>(what, (value) => typeof value === 'string' && pattern.test(value), {
    describe: (value) =>
      value && typeof value === 'string' ? 'a string with other characters' : describeType(value),
  });
  return { ...text, isSecret: true };
}

/** A function. @__NO_SIDE_EFFECTS__ */
export function callback<
  Value extends (...args: never[]) => unknown,
  Default extends Maybe<Value> = undefined,
>(fallback?: Default): Kind<Value, Default> {
  return kind('a function', (value) => typeof value === 'function', { fallback, describe: describeType });
}

/** What `check` gives. @__NO_SIDE_EFFECTS__ */
export function checkedBy<Value>(check: OptionKind<Value>['check']): Kind<Value> {
  return { fallback: undefined, check };
}

/** Any value: it is checked elsewhere. @__NO_SIDE_EFFECTS__ */
export function unchecked<Value>(): Kind<Value> {
  return checkedBy((value) => value as Value);
}

/** What `value` takes, or a function that gives it, whose result is checked when it is there. @__NO_SIDE_EFFECTS__ */
export function orFunction<Value, Result = Value>(value: OptionKind<Value>): Kind<Value | (() => Result)> {
  const check = (given: unknown, place: string): Value | (() => Result) =>
    typeof given === 'function' ? (given as () => Result) : value.check(given, place);
  return { ...checkedBy(check), isSecret: value.isSecret };
}

/** An array whose entries are of one kind. @__NO_SIDE_EFFECTS__ */
export function arrayOf<Value, Default extends Maybe<readonly Value[]> = undefined>(
  entries: OptionKind<Value>,
  fallback?: Default,
): Kind<readonly Value[], Default> {
  const { check } = kind<readonly unknown[]>('an array', Array.isArray);
  const checkAll = (value: unknown, place: string): Value[] =>
    check(value, place).map((entry, index) => entries.check(entry, `${place}[${index}]`));
  return { fallback: fallback as Default, check: checkAll };
}

/** An object that is not an array. @__NO_SIDE_EFFECTS__ */
export function record<Value extends object>(): Kind<Value> {
  return kind('an object', isRecord, { describe: describeType });
}

/** An object whose values are of one kind. @__NO_SIDE_EFFECTS__ */
export function recordOf<Value>(values: OptionKind<Value>): Kind<Record<string, Value>> {
  return checkedBy((value, place) => {
    const entries = Object.entries(record<Record<string, unknown>>().check(value, place));
    return Object.fromEntries(
      entries.map(([name, entry]) => [name, values.check(entry, `${place}.${name}`)]),
    );
  });
}

/** An object with options of its own, its defaults filled in. @__NO_SIDE_EFFECTS__ */
export function nested<Value extends object>(table: OptionTable<NoInfer<Value>>): Kind<Value> {
  const kind = checkedBy((value, place) => readOptions(table, value, place) as Value);
  return { ...kind, inner: () => optionNames(table) };
}

/** An object that implements a contract of version 1, such as `example`. @__NO_SIDE_EFFECTS__ */
export function contract<Value extends { readonly contractVersion: 1 }>(
  what: string,
  example: string,
  accepts: (value: Partial<Value>) => boolean = () => true,
): Kind<Value> {
  const isOurs = (value: unknown): boolean =>
    isRecord(value) && value.contractVersion === 1 && accepts(value as Partial<Value>);
  return kind(`${what} of contract version 1, such as ${example}`, isOurs, {
    remedy(value) {
      const { name, contractVersion = 1 } = isRecord(value) ? value : {};
      if (contractVersion === 1) return '';
      const who = typeof name === 'string' ? describeInput(name) : 'It';
      return ` ${who} has contract version ${describeInput(contractVersion)}; install matching versions.`;
    },
  });
}

/** An option that must be given. @__NO_SIDE_EFFECTS__ */
export function required<Value>(optional: OptionKind<Value>): OptionKind<Value, Value> {
  return { ...(optional as OptionKind<Value, Value>), isRequired: true };
}

/** A name that is not an option here; `refusal` ends the sentence "… has no option "x": ". @__NO_SIDE_EFFECTS__ */
export function refused<Value = never>(refusal: string): Kind<Value> {
  return { ...unchecked<Value>(), refusal };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
