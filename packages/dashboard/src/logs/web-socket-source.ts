import { httpToWebSocketUrl } from '@raywire/network';
import type { Job, LogEnd, LogSource, LogSourceRequest } from '@raywire/ray';
import { jobStateOf, presentEnd } from '@raywire/ray/internal';
import { measureCanonical } from './canonical-length.js';
import { driverLogOf, findDriverLog } from './driver-log.js';
import { emptyLog } from './empty-log.js';
import { ReadFile } from './read-file.js';
import { RotatingReader } from './rotating-reader.js';
import { type CanonicalPart, WebSocketDecoder } from './web-socket-decoder.js';
import { WholeFiles } from './whole-files.js';

/** The head's WebSocket for a job's log: reachable wherever the dashboard is, 1.5 s behind, from the start each time. */
export function webSocketSource(): LogSource {
  return {
    name: 'dashboard-websocket',
    wire: 'websocket',
    async open(request) {
      const { api, jobId, tailLines, follow } = request;
      const path = `api/jobs/${encodeURIComponent(jobId)}`;
      const { data: job } = await api.request<Job>({ path, signal: request.signal });
      const before = request.job.report(jobStateOf(job));
      const location = driverLogOf(job, jobId);
      if (before.status === 'PENDING') request.emit({ type: 'waiting', jobStatus: before.status });
      if (location === undefined && (before.terminal || !follow)) return emptyLog(request);
      const end = presentEnd(before, follow);
      let part: CanonicalPart | undefined;
      if (tailLines !== undefined || !follow) {
        // Where the present end is, the WebSocket does not say.
        const { total, beforeLastLines } = await measure(request, tailLines ?? 0, before.terminal);
        const from = tailLines === undefined ? 0 : beforeLastLines;
        if (!follow && from >= total) return emptyLog(request);
        part = { from, to: follow || end === undefined ? undefined : { bytes: total, end } };
      }
      return {
        connection: await request.connect({
          url: httpToWebSocketUrl(api.url(`${path}/logs/tail`)),
          textAsBytes: true,
        }),
        decoder: new WebSocketDecoder(part),
        ...(tailLines !== undefined && { startsAt: 'tail' }),
        // Pings say whether it lives; and Ray closes it when the job has ended.
        silence: 'transport',
        end: (bytes) => prove((part?.from ?? 0) + bytes, request),
      };
    },
  };
}

/**
 * Ray has closed its WebSocket, which proves nothing. The log has ended when the job has, and all of its file came:
 * counted, since Ray only ever sends it from the start.
 */
async function prove(bytes: number, request: LogSourceRequest): Promise<LogEnd | undefined> {
  const { job } = request;
  if (!(await job.refresh()).terminal) return undefined;
  const { total } = await measure(request, 0, true);
  if (bytes === total) return (await job.confirmEnd()) ? presentEnd(job.state, true) : undefined;
  return {
    type: 'interrupted',
    message: `Ray closed the WebSocket after ${bytes} of ${total} bytes, as it does at a byte that is not UTF-8, at a line of megabytes, and in older versions (ray#44709) now and then before a job's last lines`,
  };
}

async function measure(
  request: LogSourceRequest,
  lines: number,
  hasEnded: boolean,
): ReturnType<typeof measureCanonical> {
  const location = await findDriverLog(request);
  if (location === undefined) return { total: 0, beforeLastLines: 0 };
  const files = new WholeFiles(location, request.api, request);
  return measureCanonical(new RotatingReader(files, new ReadFile(0), request), lines, hasEnded);
}
