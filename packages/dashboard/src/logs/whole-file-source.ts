import type { LogSource } from '@raywire/ray';
import { emptyLog } from './empty-log.js';
import { followLog } from './follow-log.js';
import { lastLinesForwards } from './last-lines.js';
import type { LogFinder } from './log-location.js';
import { wholeFilePace } from './poll-pace.js';
import { WholeFiles } from './whole-files.js';

/**
 * Whole reads of the log file through the head, again and again: byte-exact and always reachable, but each read costs
 * the cluster all of the file. (`/api/v0/logs/stream` would hold one of the head's slots after its reader is gone.)
 */
export function wholeFileSource(find: LogFinder): LogSource {
  return {
    name: 'dashboard-files',
    wire: 'http',
    async open(request) {
      const location = await find(request);
      if (location === undefined) return emptyLog(request);
      const files = new WholeFiles(location, request.api, request);
      return followLog(request, files, location, { lastLines: lastLinesForwards, pace: wholeFilePace() });
    },
  };
}
