import type { LogConnection } from '@raywire/core';
import type { JobState, LogEnd, LogSourceRequest, OpenLogSource } from '@raywire/ray';
import { ByteDecoder } from '@raywire/ray/internal';

/** The log of what ended before it wrote anything, or, with `follow: false`, has not begun. */
export function emptyLog(state: JobState, request: LogSourceRequest): OpenLogSource {
  const { status, exitCode } = state;
  const end: LogEnd = state.terminal ? { type: 'complete', status, exitCode } : { type: 'caughtUp', status };
  const connection: LogConnection = {
    status: 200,
    headers: {},
    closed: Promise.resolve({ clean: true }),
    async *[Symbol.asyncIterator]() {},
    close() {},
  };
  const startsAt =
    request.offset !== undefined ? 'offset' : request.tailLines === undefined ? 'beginning' : 'tail';
  return {
    connection,
    decoder: new ByteDecoder(request.offset ?? 0, () => end),
    startsAt,
    silence: 'transport',
  };
}
