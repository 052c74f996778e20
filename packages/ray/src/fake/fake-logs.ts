import type { LogTransport } from '@raywire/core';
import { memoryTransport } from '@raywire/core/memory';
import type { LogSource } from '../source/log-source.js';
import type { FakeJob } from './fake-job.js';

/** Finds a job. @throws {NotFoundError} */
export type FindJob = (id: string) => FakeJob;

const WIRES = ['websocket', 'http'];
const NEWLINE = 0x0a;
/** What the fake server says when it closes a connection. */
const COMPLETE = 'complete';

/** The ways to a log that an agent has too, in memory. */
export function fakeLogSources(find: FindJob): LogSource[] {
  return WIRES.map((wire) => ({
    name: `fake-${wire}`,
    wire,
    async open({ jobId, offset = 0, tailLines, follow, api, connect }) {
      const start = tailLines === undefined ? offset : startOfLast(tailLines, find(jobId).log);
      const connection = await connect({
        url: api.url(`jobs/${encodeURIComponent(jobId)}/logs/`, { offset: start, follow: follow ? 1 : 0 }),
      });
      const end = async () => {
        const { status, exitCode } = find(jobId).state;
        const { reason } = await connection.closed;
        return reason === COMPLETE
          ? ({ type: 'complete', status, exitCode } as const)
          : ({ type: 'caughtUp', status } as const);
      };
      return { connection, startsAt: start, silence: 'transport', end };
    },
  }));
}

/** The transports of these ways. */
export function fakeTransports(find: FindJob): LogTransport[] {
  return WIRES.map((wire) =>
    memoryTransport(
      async ({ url }, peer) => {
        const { pathname, searchParams } = new URL(url);
        const job = find(decodeURIComponent(pathname.split('/').at(-3) ?? ''));
        let position = Number(searchParams.get('offset'));
        peer.accept();
        while (!peer.signal.aborted) {
          const { log, state, changed } = job;
          const news = log.slice(position);
          position = log.length;
          if (news.length > 0) await peer.send(news);
          else if (state.terminal) return peer.close({ reason: COMPLETE });
          else if (searchParams.get('follow') === '0') return peer.close();
          else await Promise.race([changed, peer.closed]);
        }
      },
      { name: wire, wire },
    ),
  );
}

function startOfLast(lines: number, log: Uint8Array): number {
  let start = log.length;
  for (let left = lines; left > 0 && start > 0; left--) start = log.lastIndexOf(NEWLINE, start - 2) + 1;
  return start;
}
