import type { LogConnection } from '@raywire/core';
import type { LogSourceRequest, OpenLogSource } from '@raywire/ray';
import { presentEnd } from '@raywire/ray/internal';

/** The log of what ended before it wrote anything, or, with `follow: false`, has not begun. */
export function emptyLog({ job, follow, offset, tailLines }: LogSourceRequest): OpenLogSource {
  const { state } = job;
  const connection: LogConnection = {
    status: 200,
    headers: {},
    closed: Promise.resolve({ clean: true }),
    async *[Symbol.asyncIterator]() {},
    close() {},
  };
  return {
    connection,
    startsAt: offset ?? (tailLines === undefined ? undefined : 0),
    silence: 'transport',
    end: () => presentEnd(state, follow),
  };
}
