import { inspect } from 'node:util';
import { startServer } from '@raywire/testing';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import * as core from '../index.js';

type Details = Record<string, unknown> & { message: string };
type ErrorClass = typeof core.ClientError & (new (details: Details) => core.ClientError);

const CLASSES = Object.values(core).filter(
  (exported): exported is ErrorClass => typeof exported === 'function' && exported.prototype instanceof Error,
);

const CURSOR = { version: 1, jobId: 't', identity: null, relative: false, checkpoint: null };
/** What a class has of its own, and no secret may change. */
const CONSTANTS = { limit: 'maxBytes', max: 404, jobStatus: 'FAILED', exitCode: 1, cursor: CURSOR };

/** A header's value: visible ASCII, and often one of our own words or a single character. */
const secretText = fc.oneof(
  fc
    .string({ minLength: 1, maxLength: 40, unit: 'grapheme-ascii' })
    .map((text) => text.trim())
    .filter((text) => text !== ''),
  fc.string({ minLength: 1, maxLength: 5, unit: fc.constantFrom(...'at0-./"\'\\[]<=:') }),
  fc.constantFrom(
    'B',
    'maxBytes',
    'limit',
    'code',
    'FAILED',
    'NOT_FOUND',
    'JobFailedError',
    '404',
    'message',
  ),
);

/** Lines in which a secret is a value of its own. */
function valuesOf(secret: string): string[] {
  const base64 = Buffer.from(secret).toString('base64');
  const written = [secret, JSON.stringify(secret), encodeURIComponent(secret), base64];
  return written.flatMap((form) => [`Q7: ${form}\n`, `Q7=${form}\n`, `Q7 Bearer ${form}\n`]);
}

function printed(error: core.ClientError): string {
  const forms = [error.message, error.stack, String(error), JSON.stringify(error), inspect(error.detail)];
  return [...forms, inspect(error, { depth: 20, showHidden: true })].join('\n');
}

function redactorOf(secret: string): core.Redactor {
  const redactor = new core.Redactor();
  redactor.add(secret);
  return redactor;
}

test('no error class shows a secret as a value, and none loses a constant of its own', () => {
  fc.assert(
    fc.property(fc.constantFrom(...CLASSES), secretText, (Class, secret) => {
      const values = valuesOf(secret);
      const text = values.join('');
      const error = new Class({
        ...CONSTANTS,
        code: 'CODE',
        message: text,
        detail: { job_id: secret, n: { state: values, raw: text } },
        requestId: secret,
        lastLines: values,
        cause: new AggregateError([new TypeError(text, { cause: secret }), secret], text),
      });
      const { name, code, statusCode } = error;
      const constants = Object.fromEntries(Object.entries(error).filter(([key]) => key in CONSTANTS));
      const safe = redactorOf(secret).sanitize(error);
      expect(safe).toBe(error);
      expect(error).toMatchObject({ name, code, statusCode, ...constants });
      const { detail } = error as { detail?: object };
      if (secret.length < 6 && detail !== undefined) expect(Object.keys(detail)).toEqual(['job_id', 'n']);
      const output = printed(error).replaceAll('[redacted]', '\u0000');
      const isShown = (value: string): boolean =>
        output.includes(value) || output.includes(JSON.stringify(value).slice(1, -1));
      expect(values.filter(isShown)).toEqual([]);
      expect(error.requestId).not.toBe(secret);
    }),
    { numRuns: 500 },
  );
});

test('the frames of a stack and the names of fields stay, whatever short secret there is', () => {
  for (const secret of ['t', '1', 'src', 'at', 'job', 'core', 'test', 'ts']) {
    const error = new core.HTTPError({ message: `no ${secret}`, detail: { [secret]: `no ${secret}` } });
    const frames = error.stack?.split('\n').slice(1);
    redactorOf(secret).sanitize(error);
    expect(error.message).toBe('no [redacted]');
    expect(error.detail).toEqual({ [secret]: 'no [redacted]' });
    expect(error.stack?.split('\n').slice(1)).toEqual(frames);
  }
});

test('a message that is nothing but a secret is redacted in the stack, too', () => {
  for (const Class of CLASSES) {
    for (const secret of ['t', 'E', 'Error', 'a.b']) {
      const error = redactorOf(secret).sanitize(new Class({ ...CONSTANTS, code: 'X', message: secret }));
      expect(`${error}\n${error.stack}\n`).not.toContain(`: ${secret}\n`);
    }
  }
});

test('what follows a message in a stack, but is not a frame of it, is redacted', () => {
  const error = new core.ClientError({ code: 'X', message: 'm' });
  error.stack = `Error: replaced, and no t\n    at file:1:1`;
  expect(redactorOf('t').sanitize(error).stack).toBe('Error: replaced, and no [redacted]\n    at file:1:1');
});

test('with a token of one character an error reads as with any other', async () => {
  const server = await startServer(() => undefined);
  await server.close();
  const client = new core.BaseClient({
    baseURL: server.url,
    authenticate: () => ({ authorization: 't' }),
    maxRetries: 0,
  });
  await expect(client.request({ path: 'jobs/' })).rejects.toThrow(
    `${server.url} cannot be reached (ECONNREFUSED): nothing listens there. Is the server up, and the port right?`,
  );
});
