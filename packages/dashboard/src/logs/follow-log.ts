import type { LogSourceRequest, OpenLogSource } from '@raywire/ray';
import { followFile } from './followed-file.js';
import { beginningOf, type LastLines } from './last-lines.js';
import type { LogFiles } from './log-files.js';
import type { LogLocation } from './log-location.js';
import type { PollPace } from './poll-pace.js';
import { ReadFile } from './read-file.js';
import { RotatingReader } from './rotating-reader.js';

/**
 * Opens a log at the place that is requested, as one source that follows it through its rotations.
 *
 * @throws {StreamGapError} when the place is in no file any more
 * @throws {ClientError} as the first read
 */
export async function followLog(
  request: LogSourceRequest,
  files: LogFiles,
  location: LogLocation,
  { lastLines, pace }: { lastLines: LastLines; pace: PollPace },
): Promise<OpenLogSource> {
  const { offset, anchor, tailLines, job, signal, emit } = request;
  let file: ReadFile;
  if (anchor !== undefined) file = ReadFile.of(anchor);
  else if (tailLines === undefined || offset !== undefined) file = await beginningOf(files, location.start);
  else {
    const hasEnded = job.state?.terminal ?? false;
    file = await lastLines(files, tailLines, { start: location.start, end: location.end, hasEnded }, signal);
  }
  const start = offset ?? file.position;
  const reader = new RotatingReader(files, file, {
    signal,
    log: location,
    seekTo: start,
    onBeginning: (olderFiles) => emit({ type: 'rotated', olderFiles }),
  });
  return followFile(request, reader, start, pace);
}
