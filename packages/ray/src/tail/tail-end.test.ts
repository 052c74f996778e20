import type { JobStatus } from '@raywire/core';
import { expect, expectTypeOf, test } from 'vitest';
import type { JobState, TailEvent } from '../index.js';
import type { TailEnd } from './tail-end.js';

test('the reason of an end says whether it has an error', () => {
  const told = (end: TailEnd): unknown => {
    switch (end.reason) {
      case 'complete':
      case 'caughtUp':
        expectTypeOf(end.error).toEqualTypeOf<undefined>();
        return end.jobStatus;
      case 'failed':
      case 'lost':
        expectTypeOf(end).toExtend<{ error: unknown }>();
        return end.error;
      default:
        expectTypeOf(end.reason).toEqualTypeOf<'aborted'>();
        return end.error;
    }
  };
  const summary = {
    jobStatus: 'RUNNING',
    exitCode: null,
    lines: 0,
    bytes: 0,
    reconnects: 0,
    transport: null,
    message: null,
  };
  expect(told({ ...summary, reason: 'complete' })).toBe('RUNNING');
  expect(told({ ...summary, reason: 'failed', error: 'why' })).toBe('why');
  expect(told({ ...summary, reason: 'aborted' })).toBeUndefined();
  // @ts-expect-error: a failed tail has an error
  told({ ...summary, reason: 'failed' });
  // @ts-expect-error: a complete one has none
  told({ ...summary, reason: 'complete', error: 'why' });
});

test('the status of a job is the same open union wherever it is told', () => {
  expectTypeOf<TailEnd['jobStatus']>().toEqualTypeOf<JobStatus | null>();
  expectTypeOf<JobState['status']>().toEqualTypeOf<JobStatus>();
  expectTypeOf<Extract<TailEvent, { type: 'waiting' }>['jobStatus']>().toEqualTypeOf<JobStatus>();
});
