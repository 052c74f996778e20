import { ClientConnectionError, NotFoundError, ServerError } from '@raywire/core';
import type { JobDetails, JobDriver, JobLog } from '@raywire/gateway';
import { SECRETS } from './marked-secrets.js';
import { MemoryJobs } from './memory-jobs.js';

/** What a driver may fail with, and the status that it has before the first byte. */
export const FAILURES = {
  'not found': {
    status: 404,
    error: () => new NotFoundError({ message: 'The log file is gone.' }),
    reason: 'The log file is gone.',
  },
  'a full disk': {
    status: 507,
    error: () => new ServerError({ statusCode: 507, message: 'The disk is full.' }),
    reason: 'The disk is full.',
  },
  'a lost connection': {
    status: 503,
    error: () => new ClientConnectionError({ message: 'The head is away.' }),
    reason: 'The head is away.',
  },
  'a fault in its code': {
    status: 500,
    error: () => new TypeError(`undefined has no ${SECRETS.query}`),
    reason: undefined,
  },
} as const;

export type Failure = keyof typeof FAILURES;

/** Where it fails. `end`: behind the last byte. */
export const PLACES = ['open', 'first byte', 'middle', 'end'] as const;

export type Place = (typeof PLACES)[number];

/** `here`: the log's size is known from the start. `elsewhere`: it is on its way, and its `ready` tells of a failure. */
export const KINDS = ['here', 'elsewhere'] as const;

export type Kind = (typeof KINDS)[number];

/** A log of many reads. */
export const LINES = Array.from(
  { length: 20_000 },
  (_, index) => `line ${index} of a log that cannot be read`,
);
const BYTES = Buffer.from(`${LINES.join('\n')}\n`);
/** More than one of the gateway's reads. */
const MIDDLE = 600_000;

/** A driver with one job, `job`, whose log fails. */
export function failingDriver(options: {
  failure: Failure;
  place: Place;
  kind: Kind;
  hasEnded: boolean;
}): JobDriver {
  const { failure, place, hasEnded } = options;
  const { driver } = new MemoryJobs();
  const { error } = FAILURES[failure];
  const job = { job_id: 'job', status: hasEnded ? 'SUCCEEDED' : 'RUNNING' } as JobDetails;
  return {
    ...driver,
    get: async () => job,
    openLog: async () => {
      if (place === 'open') throw error();
      const from = { 'first byte': 0, middle: MIDDLE, end: BYTES.length }[place];
      return options.kind === 'here' ? logHere(from, error, hasEnded) : logElsewhere(from, error);
    },
  };
}

/** All of it seems to be there, up to the read that fails. */
function logHere(from: number, error: () => Error, hasEnded: boolean): JobLog {
  return {
    size: BYTES.length,
    end: hasEnded ? { status: 'SUCCEEDED', exitCode: 0, size: BYTES.length } : undefined,
    read: async (position, maxBytes) => {
      if (position >= from) throw error();
      return BYTES.subarray(position, Math.min(position + maxBytes, from));
    },
    watch: () => () => undefined,
    close: async () => undefined,
  };
}

/** It comes in pieces, up to the one that does not. */
function logElsewhere(from: number, error: () => Error): JobLog {
  const listeners = new Set<() => void>();
  let size = 0;
  let failure: Error | undefined;
  const notify = (): void => {
    for (const listener of listeners) listener();
  };
  const come = async (): Promise<void> => {
    while (size < from) {
      await new Promise((resolve) => setImmediate(resolve));
      size = Math.min(from, size + 50_000);
      notify();
    }
    await new Promise((resolve) => setImmediate(resolve));
    failure = error();
    throw failure;
  };
  const ready = come();
  ready.catch(notify);
  return {
    get size() {
      return size;
    },
    ready,
    end: undefined,
    read: async (position, maxBytes) => {
      if (position >= size && failure !== undefined) throw failure;
      return BYTES.subarray(position, Math.min(position + maxBytes, size));
    },
    isCurrent: async () => failure === undefined,
    watch: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: async () => undefined,
  };
}
