import { describe, expect, it, test } from 'vitest';
import { InvalidArgumentError } from '../errors/invalid-argument-error.js';
import {
  amount,
  arrayOf,
  callback,
  contract,
  count,
  duration,
  flag,
  kind,
  nested,
  oneOf,
  orFunction,
  record,
  recordOf,
  refused,
  required,
  secret,
  text,
  unchecked,
} from './option-kinds.js';
import { type AnyOptionTable, optionNames } from './option-table.js';
import { readOptions } from './read-options.js';

const LIMITS = { maxLines: count({ orInfinity: true }, 10), oversize: oneOf('error', 'truncate') };
const TABLE = {
  timeoutMs: duration(30_000),
  follow: flag(true),
  onGap: oneOf('error', 'continue'),
  tailLines: count({ min: 0 }),
  ratio: amount(),
  label: text('a label'),
  onEvent: callback(),
  token: orFunction(secret('a token', /^[a-z]+$/)),
  limits: nested(LIMITS as never),
  tags: arrayOf(text('a tag'), []),
  env: recordOf(kind('a string', (value) => typeof value === 'string')),
  metadata: record(),
  transport: contract('a transport', 'httpTransport()', () => true),
  anything: unchecked(),
  address: refused('it is called baseURL here.'),
};

function refusal(given: unknown, table: AnyOptionTable = TABLE, others?: readonly string[]): string {
  try {
    readOptions(table, given, 'tail', others);
  } catch (error) {
    expect(error).toBeInstanceOf(InvalidArgumentError);
    return (error as Error).message;
  }
  throw new Error('It was expected to be refused.');
}

describe('options that are read', () => {
  it('have their defaults, and none of what is left out', () => {
    const defaults = { timeoutMs: 30_000, follow: true, onGap: 'error', tags: [] };
    for (const given of [undefined, {}, { tailLines: undefined, follow: undefined, address: undefined }])
      expect(readOptions(TABLE, given, 'tail')).toEqual(defaults);
    expect(Object.keys(readOptions(TABLE, { label: undefined }, 'tail'))).not.toContain('label');
  });

  it('are taken as they are, from a prototype and a getter too, which is asked once', () => {
    let asked = 0;
    const given = Object.create(
      { tailLines: 5 },
      {
        follow: { enumerable: true, get: () => ++asked > 1 },
      },
    );
    expect(readOptions(TABLE, given, 'tail')).toMatchObject({ tailLines: 5, follow: false });
    expect(asked).toBe(1);
  });

  it('are filled in where they have options of their own', () => {
    expect(readOptions(TABLE, { limits: { maxLines: 5 } }, 'tail').limits).toEqual({
      maxLines: 5,
      oversize: 'error',
    });
  });

  it('leave to others what is theirs', () => {
    expect(readOptions(LIMITS, { colour: 'red' }, 'tail', ['colour'])).not.toHaveProperty('colour');
  });

  it('are not those of a polluted prototype', () => {
    Object.defineProperty(Object.prototype, 'polluted', {
      value: 1,
      enumerable: true,
      configurable: true,
      writable: true,
    });
    try {
      expect(readOptions(LIMITS, {}, 'tail')).toEqual({ maxLines: 10, oversize: 'error' });
    } finally {
      Reflect.deleteProperty(Object.prototype, 'polluted');
    }
  });
});

test.each(Object.keys(TABLE).filter((name) => name !== 'anything'))('null is no value of %s', (name) => {
  expect(refusal({ [name]: null })).toMatch(new RegExp(`^tail(:| has no option).*${name}`));
});

test.each<[unknown, string]>([
  [
    { timeoutMs: 0 },
    'tail: timeoutMs must be a number of milliseconds above 0 and at most 300000, but is 0.',
  ],
  [{ timeoutMs: '5' }, 'but is "5". Pass a number of milliseconds, such as timeoutMs: 5000.'],
  [{ follow: 'yes' }, 'tail: follow must be a boolean, but is "yes".'],
  [{ onGap: 'go' }, "tail: onGap must be 'error' or 'continue', but is \"go\"."],
  [{ onGap: 'Continu' }, 'but is "Continu". Pass onGap: \'continue\'.'],
  [{ tailLines: -1 }, 'tail: tailLines must be a whole number of at least 0, but is -1.'],
  [{ tailLines: 1.5 }, 'but is 1.5.'],
  [{ ratio: Number.NaN }, 'tail: ratio must be a number of at least 0, but is NaN.'],
  [{ label: '' }, 'tail: label must be a label, but is "".'],
  [{ limits: 5 }, 'tail: limits takes an object of options, but 5 was given.'],
  [
    { limits: { maxLines: 0 } },
    'tail: limits.maxLines must be a whole number above 0, or Infinity for no limit, but is 0.',
  ],
  [{ limits: { maxLine: 0 } }, 'tail: limits has no option "maxLine": did you mean maxLines?'],
  [{ tags: 'a' }, 'tail: tags must be an array, but is "a".'],
  [{ tags: ['a', ''] }, 'tail: tags[1] must be a tag, but is "".'],
  [{ env: { A: 1 } }, 'tail: env.A must be a string, but is 1.'],
  [
    { transport: {} },
    'tail: transport must be a transport of contract version 1, such as httpTransport(), but is an object.',
  ],
  [
    { transport: { contractVersion: 2, name: 'mine' } },
    '"mine" has contract version 2; install matching versions.',
  ],
])('%j is refused with the place, the rule, the input and the remedy', (given, message) => {
  expect(refusal(given)).toContain(message);
});

test.each([
  { onEvent: 'hunter2' },
  { token: 'hunter2' },
  { metadata: 'hunter2' },
  { env: 'hunter2' },
  'hunter2',
  { x: { hunter2: 1 } },
])('%j is refused without being shown where it may be a secret', (given) => {
  expect(refusal(given)).not.toContain('hunter2');
});

describe('a name that is not an option', () => {
  it.each<[string, unknown, string]>([
    ['tail_lines', 5, 'it is called tailLines here.'],
    ['TailLines', 5, 'it is called tailLines here.'],
    ['timeout', 30, 'timeout is in seconds in Python; pass timeoutMs: 30000.'],
    ['timeout', 'soon', 'pass timeoutMs: 30000.'],
    ['maxLines', 5, 'it belongs to limits; pass limits: { maxLines: … }.'],
    ['max_lines', 5, 'it belongs to limits; pass limits: { maxLines: … }.'],
    ['address', 'http://h', 'it is called baseURL here.'],
    ['Address', 'http://h', 'it is called baseURL here.'],
    ['follwo', true, 'did you mean follow?'],
    ['folow', true, 'did you mean follow?'],
    ['follows', true, 'did you mean follow?'],
    ['fallow', true, 'did you mean follow?'],
    ['tailL', true, 'did you mean tailLines?'],
    ['colr', true, 'did you mean color?'],
    // Two are as near.
    ['collor', true, 'it takes '],
    ['t', true, 'it takes timeoutMs, follow,'],
    ['__proto__x', true, 'it takes '],
  ])('%s gets the remedy', (name, value, hint) => {
    const others = name === 'collor' ? ['color', 'collar'] : ['color'];
    expect(refusal({ [name]: value }, TABLE, others)).toMatch(new RegExp(`^tail has no option "${name}": `));
    expect(refusal({ [name]: value }, TABLE, others)).toContain(hint);
  });

  it('is not in the list of those that are', () => {
    expect(refusal({ x: 1 })).not.toContain('address');
    expect(optionNames(TABLE)).not.toContain('address');
    expect(refusal({ x: 1 }, {})).toBe('tail has no option "x": it takes none.');
  });

  it('is refused when it is undefined, unless the table says why it is no option', () => {
    expect(refusal({ follwo: undefined })).toContain('follow?');
  });
});

describe('what is not an object of options', () => {
  it.each<[unknown, string]>([
    [null, 'tail takes an object of options, but null was given.'],
    [[], 'tail takes an object of options, but an array was given.'],
    ['x', 'tail takes an object of options, but a string was given.'],
    [
      60,
      'tail takes an object of options, but 60 was given. timeout is in seconds in Python; pass { timeoutMs: 60000 }.',
    ],
  ])('%j is refused', (given, message) => {
    expect(refusal(given)).toBe(message);
  });

  it('gets no time-out as its remedy where there is none', () => {
    expect(refusal(5, LIMITS)).toBe('tail takes an object of options, but 5 was given.');
  });

  it('gets the seconds of Python as what a wait is called by', () => {
    const wait = { timeoutMs: refused('it is called giveUpAfterMs here.'), giveUpAfterMs: duration() };
    expect(refusal(3600, wait)).toContain('pass { giveUpAfterMs: 3600000 }.');
    expect(refusal({ timeout: 3600 }, wait)).toContain('pass giveUpAfterMs: 3600000.');
    expect(refusal({ timeoutMs: 5 }, wait)).toContain(
      'has no option "timeoutMs": it is called giveUpAfterMs here.',
    );
  });

  it('is told what is required', () => {
    const table = { path: required(text('a path')) };
    expect(refusal(undefined, table)).toBe(
      'tail takes an object of options with path, but undefined was given.',
    );
    expect(refusal({}, table)).toBe('tail: path must be a path, but is undefined.');
  });
});
