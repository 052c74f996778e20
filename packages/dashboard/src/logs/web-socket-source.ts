import { httpToWebSocketUrl } from '@raywire/network';
import type { Job, LogEnd, LogSource, LogSourceRequest } from '@raywire/ray';
import { jobStateOf } from '@raywire/ray/internal';
import { measureCanonical } from './canonical-length.js';
import { findDriverLog, submissionIdOf } from './driver-log.js';
import { emptyLog } from './empty-log.js';
import { WebSocketDecoder } from './web-socket-decoder.js';
import { WebSocketLog, type WebSocketLogOptions } from './web-socket-log.js';
import { WholeFileReader } from './whole-file-reader.js';

/** The head's WebSocket for a job's log: reachable wherever the dashboard is, 1.5 s behind, from the start each time. */
export function webSocketSource(): LogSource {
  return {
    name: 'dashboard-websocket',
    wire: 'websocket',
    kind: 'live',
    refusalIsFinal: false,
    async open(request) {
      const { api, jobId, tailLines, follow } = request;
      const path = `api/jobs/${encodeURIComponent(jobId)}`;
      const { data: job } = await api.request<Job>({ path, signal: request.signal });
      submissionIdOf(job, jobId);
      const state = jobStateOf(job);
      if (state.status === 'PENDING') request.emit({ type: 'waiting', jobStatus: state.status });
      if (!job.driver_node_id && (state.terminal || !follow)) return emptyLog(state, request);
      const options: WebSocketLogOptions = {
        skip: 0,
        until: undefined,
        prove: (bytes) => prove(bytes, request),
      };
      if (tailLines !== undefined || !follow) {
        // Where the present end is, the WebSocket does not tell.
        const { total, beforeLastLines } = await measure(request, tailLines ?? 0, state.terminal);
        if (tailLines !== undefined) options.skip = beforeLastLines;
        if (!follow) options.until = { bytes: total, end: presentEnd(state) };
      }
      const url = httpToWebSocketUrl(api.url(`${path}/logs/tail`));
      const inner = await request.connect({ url });
      const connection = new WebSocketLog(inner, options);
      const decoder = new WebSocketDecoder(() => connection.end);
      // Pings say whether it lives; and Ray closes it when the job has ended.
      return {
        connection,
        decoder,
        startsAt: tailLines === undefined ? 'beginning' : 'tail',
        silence: 'transport',
      };
    },
  };
}

function presentEnd({ status, terminal, exitCode }: ReturnType<typeof jobStateOf>): LogEnd {
  return terminal ? { type: 'complete', status, exitCode } : { type: 'caughtUp', status };
}

/** The log has ended when the job has, and all of its file came: counted, since Ray only ever sends it from the start. */
async function prove(bytes: number, request: LogSourceRequest): Promise<LogEnd | undefined> {
  const { status, terminal, exitCode } = await request.state();
  if (!terminal) return undefined;
  const { total } = await measure(request, 0, true);
  // Asked once more: a head may have been wrong about the state for a moment.
  if (bytes === total)
    return (await request.state()).terminal ? { type: 'complete', status, exitCode } : undefined;
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
  const { file } = await findDriverLog(request);
  if (file === undefined) return { total: 0, beforeLastLines: 0 };
  return measureCanonical(new WholeFileReader(file, request.api, request.signal), lines, hasEnded);
}
