import type { LogSource } from '@raywire/ray';
import { emptyLog } from './empty-log.js';
import { followFile } from './followed-file.js';
import type { LogFinder } from './log-location.js';
import { wholeFilePace } from './poll-pace.js';
import { offsetOfLastLinesInWhole, WholeFileReader } from './whole-file-reader.js';

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
      const { offset, tailLines, job } = request;
      const reader = new WholeFileReader(location, request.api, request.signal);
      const hasEnded = job.state?.terminal ?? false;
      const start =
        offset ??
        (tailLines === undefined
          ? location.start
          : await offsetOfLastLinesInWhole(reader, tailLines, { start: location.start, hasEnded }));
      return followFile(request, reader, start, wholeFilePace());
    },
  };
}
