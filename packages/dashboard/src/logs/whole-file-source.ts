import type { LogSource } from '@raywire/ray';
import { emptyLog } from './empty-log.js';
import { FollowedFile } from './followed-file.js';
import type { LogFinder } from './log-file.js';
import { wholeFilePace } from './poll-pace.js';
import { opened } from './range-source.js';
import { offsetOfLastLinesInWhole, WholeFileReader } from './whole-file-reader.js';

/**
 * Whole reads of the log file through the head, again and again: byte-exact and always reachable, but each read costs
 * the cluster all of the file. (`/api/v0/logs/stream` would hold one of the head's slots after its reader is gone.)
 *
 * @param stalledAfterMs silence in the middle of an answer
 */
export function wholeFileSource(find: LogFinder, stalledAfterMs: number): LogSource {
  return {
    name: 'dashboard-files',
    wire: 'http',
    kind: 'live',
    refusalIsFinal: true,
    async open(request) {
      const { file, state } = await find(request);
      if (file === undefined) return emptyLog(state, request);
      const { tailLines, follow, signal } = request;
      const reader = new WholeFileReader(file, request.api, signal);
      const fresh =
        tailLines === undefined
          ? file.start
          : await offsetOfLastLinesInWhole(reader, tailLines, {
              start: file.start,
              hasEnded: state.terminal,
            });
      const offset = request.offset ?? fresh;
      const first = await reader.open(offset);
      const connection = new FollowedFile(
        {
          ...{ reader, offset, follow, pace: wholeFilePace(), stalledAfterMs },
          ...{ known: state, state: request.state, signal },
        },
        first,
      );
      return opened(connection, offset, request);
    },
  };
}
