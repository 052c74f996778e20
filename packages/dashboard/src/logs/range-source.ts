import { UnsupportedByServerError } from '@raywire/core';
import type { LogSource, LogSourceRequest } from '@raywire/ray';
import { emptyLog } from './empty-log.js';
import { followLog } from './follow-log.js';
import { lastLinesBackwards } from './last-lines.js';
import type { LogFinder } from './log-location.js';
import { agentUrlOf, type NodeAgents } from './node-agents.js';
import { rangePace } from './poll-pace.js';
import { RangeFiles } from './range-files.js';

/** The name of the source, for a fallback strategy. */
export const RANGE_SOURCE = 'dashboard-ranges';

/** An agent that cannot be reached must not keep the reader from the ways that can. In milliseconds. */
const FIRST_ANSWER_MS = 5_000;

/** Byte ranges of the log file from the agent of its node: exact, quick, and nothing is held on the server. */
export function rangeSource(find: LogFinder, nodeAgents: NodeAgents): LogSource {
  return {
    name: RANGE_SOURCE,
    wire: 'http',
    async open(request) {
      const location = await find(request);
      if (location === undefined) return emptyLog(request);
      const url = await agentUrlOf(location, nodeAgents, request.api, request.signal);
      if (url === undefined) throw notAllowed();
      let connectTimeoutMs = Math.min(request.timeoutMs, FIRST_ANSWER_MS);
      const connect: LogSourceRequest['connect'] = (range) => request.connect({ connectTimeoutMs, ...range });
      const files = new RangeFiles(url, { ...request, connect });
      const how = { lastLines: lastLinesBackwards, pace: rangePace() };
      const opened = await followLog(request, files, location, how);
      connectTimeoutMs = request.timeoutMs;
      return opened;
    },
  };
}

function notAllowed(): UnsupportedByServerError {
  return new UnsupportedByServerError({
    message:
      "The node's own agent is on another host than the dashboard, so no request goes there. Pass nodeAgents: true to DashboardClient if that host may have the token.",
  });
}
