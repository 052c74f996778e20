import { inspect } from 'node:util';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ClientError } from '../errors/client-error.js';
import { HTTPError } from '../errors/http-error.js';
import { StreamGapError } from '../errors/stream-gap-error.js';
import { Redactor } from './redactor.js';

const SECRET = 'tok-3cr3t';

function sanitize<E>(error: E): E {
  const redactor = new Redactor();
  redactor.add(SECRET);
  return redactor.sanitize(error);
}

/** All that a user can print of an error. */
function printed(error: unknown): string {
  const { message, stack, cause } = error as Error;
  const parts = [String(error), message, stack, String(cause), JSON.stringify(error)];
  return [...parts, inspect(error, { depth: 20, showHidden: true })].join('\n');
}

describe('Redactor.sanitize', () => {
  test('cleans an error of ours in place: message, stack, detail, fields and cause', () => {
    const error = new HTTPError({
      message: `no ${SECRET}`,
      detail: {
        echoed: [SECRET, { [SECRET]: new URL(`http://h/${SECRET}`) }],
        map: new Map([[SECRET, SECRET]]),
      },
      requestId: SECRET,
      cause: new Error(`because of ${SECRET}`, { cause: `and of ${SECRET}` }),
    });
    expect(printed(error)).toContain(SECRET);
    expect(sanitize(error)).toBe(error);
    expect(printed(error)).not.toContain(SECRET);
    expect(error.message).toBe('no [redacted]');
    expect(error).toMatchObject({ name: 'HTTPError', code: 'HTTP_ERROR', statusCode: 500 });
    expect(HTTPError.isInstance(error)).toBe(true);
  });

  test('leaves what holds no secret as it is', () => {
    const position = { bytes: 12, hash: '0.0.0', lines: 1 };
    const cursor = {
      version: 1,
      jobId: 'job',
      identity: null,
      position,
      checkpoint: null,
      relative: false,
    } as const;
    const error = new StreamGapError({ message: 'gone', detail: { a: [1, null] }, cursor });
    const { detail } = error;
    sanitize(error);
    expect(error.cursor).toBe(cursor);
    expect(error.detail).toBe(detail);
  });

  test('rebuilds a foreign error with its name, message, code and causes, and nothing else', () => {
    const cause = Object.assign(new TypeError(`Invalid URL ${SECRET}`), {
      code: 'ERR_INVALID_URL',
      input: `http://user:${SECRET}@host`,
    });
    const error = sanitize(new Error('outer', { cause }));
    const inner = error.cause as Error & { code: string };
    expect(inner).toBeInstanceOf(TypeError);
    expect(inner).not.toBe(cause);
    expect(inner).toMatchObject({
      name: 'TypeError',
      message: 'Invalid URL [redacted]',
      code: 'ERR_INVALID_URL',
    });
    expect(inner.stack).toContain('sanitize-error.test');
    expect(printed(error)).not.toContain(SECRET);
  });

  test('takes the password out of the error of `new URL`, without knowing it', () => {
    try {
      new URL('http://user:unknown-password@:bad');
      expect.unreachable();
    } catch (error) {
      const safe = sanitize(new ClientError({ code: 'X', message: 'bad URL', cause: error }));
      expect(printed(safe)).not.toContain('unknown-password');
    }
  });

  test('cleans every error of an AggregateError', () => {
    const error = sanitize(
      new AggregateError([new Error(SECRET), SECRET, new HTTPError({ message: SECRET })], `all of ${SECRET}`),
    );
    expect(error).toBeInstanceOf(AggregateError);
    expect(error.errors).toHaveLength(3);
    expect(HTTPError.isInstance(error.errors[2])).toBe(true);
    expect(printed(error)).not.toContain(SECRET);
  });

  test('keeps cycles as cycles', () => {
    const foreign = new Error(`foreign ${SECRET}`);
    const ours = new ClientError({ code: 'X', message: `ours ${SECRET}`, cause: foreign });
    foreign.cause = ours;
    const detail: Record<string, unknown> = { secret: SECRET };
    detail.self = detail;
    Object.defineProperty(ours, 'detail', {
      value: detail,
      configurable: true,
      writable: true,
      enumerable: true,
    });
    const safe = sanitize(ours);
    expect((safe.cause as Error).cause).toBe(safe);
    expect(inspect(safe, { depth: 20 })).not.toContain(SECRET);
  });

  test('stops at a depth that nobody reads', () => {
    let error = new Error(SECRET);
    for (let depth = 0; depth < 5_000; depth += 1) error = new Error(`${depth} ${SECRET}`, { cause: error });
    let nested: unknown = SECRET;
    for (let depth = 0; depth < 5_000; depth += 1) nested = { nested };
    const safe = sanitize(new ClientError({ code: 'X', message: 'deep', detail: nested, cause: error }));
    expect(printed(safe)).not.toContain(SECRET);
  });

  test('cleans causes that are no errors, and never calls a getter', () => {
    const hostile = {
      get token(): string {
        throw new Error('called');
      },
      bytes: Buffer.from(SECRET),
      headers: new Headers({ authorization: SECRET }),
      [Symbol(SECRET)]: SECRET,
      say: () => SECRET,
    };
    const safe = sanitize(new ClientError({ code: 'X', message: 'm', cause: hostile }));
    expect(printed(safe)).not.toContain(SECRET);
    expect(inspect(safe)).not.toContain(inspect(Buffer.from(SECRET)).slice(8, 20));
    expect(sanitize(SECRET)).toBe('[redacted]');
    expect(sanitize(undefined)).toBe(undefined);
  });

  test('shows no secret, wherever in an error it is', () => {
    const leaf = fc.constantFrom(SECRET, `x${SECRET}y`, 1, null, undefined, encodeURIComponent(SECRET));
    const { value } = fc.letrec<{ value: unknown }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        leaf,
        fc.array(tie('value'), { maxLength: 3 }),
        fc.dictionary(fc.constantFrom('a', SECRET), tie('value'), { maxKeys: 2, noNullPrototype: true }),
        fc
          .tuple(tie('value'), tie('value'))
          .map(([detail, cause]) => new ClientError({ code: 'X', message: SECRET, detail, cause })),
        tie('value').map((cause) => Object.assign(new RangeError(SECRET, { cause }), { extra: SECRET })),
      ),
    }));
    fc.assert(
      fc.property(value, (detail) => {
        const error = sanitize(new ClientError({ code: 'X', message: 'm', detail, cause: detail }));
        expect(printed(error)).not.toContain(SECRET);
      }),
    );
  });
});
