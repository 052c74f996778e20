import { expect, expectTypeOf, test } from 'vitest';
import * as core from '../index.js';

test('isRaywireError knows errors of Raywire, and nothing else', () => {
  expect(core.isRaywireError(new core.NotFoundError({ message: 'm' }))).toBe(true);
  expect(core.isRaywireError(new core.ClientError({ code: 'OF_A_TRANSPORT', message: 'm' }))).toBe(true);
  for (const other of [new Error('m'), { code: 'NOT_FOUND' }, undefined]) {
    expect(core.isRaywireError(other)).toBe(false);
  }
});

test('a switch over the code narrows an error to the class that owns the code', () => {
  const told = (error: unknown): unknown => {
    if (!core.isRaywireError(error)) return undefined;
    // @ts-expect-error: a code that no class owns
    if (error.code === 'NO_SUCH_CODE') return undefined;
    // @ts-expect-error: not every error has a limit
    void error.limit;
    switch (error.code) {
      case 'STREAM_LIMIT_EXCEEDED':
        expectTypeOf(error).toEqualTypeOf<core.StreamLimitExceededError>();
        return error.limit;
      case 'NOT_FOUND':
      case 'NO_DRIVER_LOG':
        expectTypeOf(error).toEqualTypeOf<core.NotFoundError>();
        return error.statusCode;
      case 'JOB_FAILED':
        expectTypeOf(error).toEqualTypeOf<core.JobFailedError>();
        return error.lastLines;
      case 'HTTP_ERROR':
        expectTypeOf(error).toExtend<core.HTTPError>();
        expectTypeOf(error.statusCode).toEqualTypeOf<number>();
        return error.statusCode;
      case 'CLIENT_CLOSED':
        // @ts-expect-error: an error of the root class has nothing besides
        return error.limit;
      default:
        return error.code;
    }
  };
  const limit = { message: 'm', limit: 'maxLines', max: 1 };
  expect(told(new core.StreamLimitExceededError(limit))).toBe('maxLines');
  expect(told(new core.NotFoundError({ message: 'm' }))).toBe(404);
  expect(told(new core.ConflictError({ message: 'm' }))).toBe('CONFLICT');
});

test('isInstance leaves the other errors where it is false', () => {
  const check = (error: core.RaywireError): void => {
    if (core.HTTPError.isInstance(error)) expectTypeOf(error.statusCode).toEqualTypeOf<number>();
    else if (core.JobFailedError.isInstance(error)) expectTypeOf(error).toEqualTypeOf<core.JobFailedError>();
    else expectTypeOf(error).not.toBeNever();
  };
  check(new core.StreamGapError({ message: 'm' }));
});

test('a constructor takes the codes of its class alone', () => {
  expect(new core.NotFoundError({ message: 'm', code: 'NO_TASK_LOG' }).code).toBe('NO_TASK_LOG');
  // @ts-expect-error: a code of ConflictError
  new core.NotFoundError({ message: 'm', code: 'CONFLICT' });
  // @ts-expect-error: a code that no class owns
  new core.InvalidArgumentError({ message: 'm', code: 'NO_SUCH_CODE' });
});

test('codes and statuses of a job are open, and known ones are offered', () => {
  expectTypeOf<core.ErrorCode>().toEqualTypeOf<core.RaywireError['code'] | (string & {})>();
  expectTypeOf<core.ClientError['code']>().toEqualTypeOf<core.ErrorCode>();
  expectTypeOf<core.JobFailedError['jobStatus']>().toEqualTypeOf<core.JobStatus>();
  expectTypeOf<core.JobStatus>().toEqualTypeOf<
    'PENDING' | 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'STOPPED' | (string & {})
  >();
  // Either would do without the others: literals are not swallowed by `string`.
  expectTypeOf<core.JobStatus>().not.toEqualTypeOf<string>();
  expectTypeOf<core.ErrorCode>().not.toEqualTypeOf<string>();
});
