import { type ClientError, ClientTimeoutError, NotFoundError, UnsupportedByServerError } from '@raywire/core';
import type { LogSource, LogSourceRequest, OpenLogSource } from '@raywire/ray';
import { emptyLog } from './empty-log.js';
import { FileDecoder } from './file-decoder.js';
import { FollowedFile } from './followed-file.js';
import type { LogFinder } from './log-file.js';
import { agentUrlsOf, type NodeAgents } from './node-agents.js';
import { rangePace } from './poll-pace.js';
import { offsetOfLastLines, RangeReader } from './range-reader.js';

/** The name of the source, for a fallback strategy. */
export const RANGE_SOURCE = 'dashboard-ranges';

const FIRST_ANSWER_MS = 5_000;

/** Whom a range source may ask, and when it gives up. */
export interface RangeOptions {
  nodeAgents: NodeAgents;
  /** Silence in the middle of an answer, in milliseconds. */
  stalledAfterMs: number;
}

/** Byte ranges of the log file from the agent of its node: exact, quick, and nothing is held on the server. */
export function rangeSource(find: LogFinder, { nodeAgents, stalledAfterMs }: RangeOptions): LogSource {
  return {
    name: RANGE_SOURCE,
    wire: 'http',
    kind: 'live',
    // What a node agent refuses, the head may still give.
    refusalIsFinal: false,
    async open(request) {
      const { file, state } = await find(request);
      if (file === undefined) return emptyLog(state, request);
      const urls = await agentUrlsOf(file, nodeAgents, request.api, request.signal);
      const [url] = urls;
      if (url === undefined) throw notAsked();
      // An agent that cannot be reached must not keep the reader from the ways that can.
      let connect = impatient(request);
      const { tailLines } = request;
      const fresh =
        tailLines === undefined
          ? file.start
          : await offsetOfLastLines(
              url,
              tailLines,
              { ...file, hasEnded: state.terminal, stalledAfterMs },
              connect,
            );
      const offset = request.offset ?? fresh;
      const isResumed = request.offset !== undefined && !request.isOffsetWithinLine;
      const reader = new RangeReader(url, file, isResumed, (target) => connect(target));
      const first = await reader.open(offset).catch((error: unknown) => {
        // The job has only just started: its log may not be there yet.
        if (NotFoundError.isInstance(error) && !state.terminal && offset === 0) return undefined;
        throw error;
      });
      ({ connect } = request);
      const { follow, signal } = request;
      const connection = new FollowedFile(
        {
          ...{ reader, offset, follow, pace: rangePace(), stalledAfterMs },
          ...{ known: state, state: request.state, signal },
        },
        first,
      );
      return opened(connection, offset, request);
    },
  };
}

/** What a file that is followed is to the engine. */
export function opened(connection: FollowedFile, offset: number, request: LogSourceRequest): OpenLogSource {
  const begins = request.tailLines === undefined ? 'beginning' : 'tail';
  return {
    connection,
    decoder: new FileDecoder(offset, () => connection.end),
    startsAt: request.offset === undefined ? begins : 'offset',
    // It asks often enough by itself to know that the other side lives.
    silence: 'transport',
  };
}

/** Gives up soon on an agent that does not answer. */
function impatient({ connect, timeoutMs }: LogSourceRequest): LogSourceRequest['connect'] {
  const limitMs = Math.min(timeoutMs, FIRST_ANSWER_MS);
  return async (target) => {
    const connecting = connect(target);
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(noAnswer(limitMs)), limitMs);
    });
    try {
      return await Promise.race([connecting, late]);
    } catch (error) {
      connecting.then(
        (connection) => connection.close(),
        () => undefined,
      );
      throw error;
    } finally {
      clearTimeout(timer);
    }
  };
}

function noAnswer(limitMs: number): ClientError {
  return new ClientTimeoutError({
    code: 'CONNECT_TIMEOUT',
    message: `The node agent did not answer within ${limitMs} ms.`,
  });
}

function notAsked(): ClientError {
  return new UnsupportedByServerError({
    message:
      "The node's own agent is not asked: it is on another host than the dashboard. Pass nodeAgents: true to DashboardClient if that host may have the token.",
  });
}
