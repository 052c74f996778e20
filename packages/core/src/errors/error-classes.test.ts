import { readdirSync, readFileSync } from 'node:fs';
import { expect, test, vi } from 'vitest';
import * as core from '../index.js';

type ErrorClass = typeof core.ClientError & (new (options: Record<string, unknown>) => core.ClientError);

/** What each class needs at least. */
const OPTIONS = {
  message: 'm',
  code: 'CODE',
  limit: 'maxLines',
  max: 1,
  jobStatus: 'FAILED',
  exitCode: 1,
  lastLines: [],
};

function errorClasses(exports: object): [string, ErrorClass][] {
  return Object.entries(exports).filter(
    (entry): entry is [string, ErrorClass] =>
      typeof entry[1] === 'function' && entry[1].prototype instanceof Error,
  );
}

/** The rows of the README's table of errors: code, class, statusCode. */
function listed(): string[][] {
  const text = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
  const rows = text.split('\n').filter((line) => /^\| `[A-Z_]+` /.test(line));
  return rows.map((line) =>
    line
      .split('|')
      .map((cell) => cell.trim().replaceAll('`', ''))
      .slice(1, 4),
  );
}

test('the package exports every error class that it has', () => {
  const files = readdirSync(import.meta.dirname).filter((file) => file.endsWith('-error.ts'));
  expect(errorClasses(core)).toHaveLength(files.length);
});

test.each(errorClasses(core))('%s is branded by its own name, and is a ClientError', (name, Class) => {
  expect(Object.hasOwn(Class, 'brand')).toBe(true);
  expect(Class.brand).toBe(name);
  const error = new Class(OPTIONS);
  expect(error).toBeInstanceOf(core.ClientError);
  expect(error.name).toBe(name);
  expect(String(error)).toBe(`${name}: m`);
  expect(Class.isInstance(error)).toBe(true);
  expect(JSON.parse(JSON.stringify(error))).toMatchObject({ name, message: 'm', code: error.code });
});

test('what an error knows besides is in its JSON, but for its cause and its stack', () => {
  const cursor = { version: 1 } as unknown as core.TailCursor;
  const json = (error: Error): unknown => JSON.parse(JSON.stringify(error));
  const limit = new core.StreamLimitExceededError({ message: 'm', limit: 'maxLines', max: 5, cursor });
  expect(json(limit)).toMatchObject({ limit: 'maxLines', max: 5, cursor });
  expect(json(new core.StreamGapError({ message: 'm', cursor }))).toMatchObject({ cursor });
  expect(json(new core.StreamInterruptedError({ message: 'm', cursor }))).toMatchObject({ cursor });
  const busy = new core.RateLimitError({ message: 'm', retryAfterMs: 7, cause: new Error('why') });
  expect(json(busy)).toEqual({
    name: 'RateLimitError',
    message: 'm',
    code: 'RATE_LIMITED',
    statusCode: 429,
    retryAfterMs: 7,
  });
  const failed = { message: 'm', jobStatus: 'FAILED', exitCode: 4, lastLines: ['why'] };
  expect(json(new core.JobFailedError(failed))).toMatchObject(failed);
});

test('isInstance knows the errors of another copy of the package, and tells classes apart', async () => {
  vi.resetModules();
  const copy: typeof core = await import('../index.js');
  expect(copy.NotFoundError).not.toBe(core.NotFoundError);
  const error: unknown = new copy.NotFoundError({ message: 'm' });
  expect(error).not.toBeInstanceOf(core.ClientError);
  expect(core.NotFoundError.isInstance(error)).toBe(true);
  expect(core.HTTPError.isInstance(error)).toBe(true);
  expect(core.ClientError.isInstance(error)).toBe(true);
  expect(core.ConflictError.isInstance(error)).toBe(false);
  for (const other of [undefined, null, 'text', {}, new Error('m')]) {
    expect(core.ClientError.isInstance(other)).toBe(false);
  }
});

test.each(errorClasses(core).filter(([name]) => name !== 'ClientError'))(
  'the README lists the code and the status of %s',
  (name, Class) => {
    const { code: _none, ...options } = OPTIONS;
    const { code, statusCode } = new Class(options);
    expect(listed()).toContainEqual([code, name, String(statusCode ?? 'none')]);
  },
);

test('the README lists every code that this package uses, and each once', () => {
  const source = new URL('../', import.meta.url);
  const files = readdirSync(source, { recursive: true, encoding: 'utf8' });
  const used = new Set<string>();
  for (const file of files.filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))) {
    for (const [, code] of readFileSync(new URL(file, source), 'utf8').matchAll(/\bcode: '([A-Z_]+)'/g)) {
      if (code !== undefined) used.add(code);
    }
  }
  const codes = listed().map(([code]) => code);
  expect(new Set(codes).size).toBe(codes.length);
  expect([...used].filter((code) => !codes.includes(code))).toEqual([]);
});
