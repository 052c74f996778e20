import { ClientError, type TailCursor } from '@raywire/core';
import {
  abortSignal,
  duration,
  type OptionTable,
  readOptions,
  refuseOption,
  unchecked,
} from '@raywire/core/internal';
import { decodeCursor, encodeCursor } from '../lines/cursor-text.js';
import type { LogTail } from './log-tail.js';

/** Options of `toSSE`. */
export interface SSEOptions {
  /** Aborted, it closes the tail: that of the viewer's request. */
  signal?: AbortSignal | undefined;
  /** A comment is sent after so much silence, so that no proxy cuts the stream, in milliseconds. Default 15_000. */
  heartbeatMs?: number | undefined;
}

/** Options of `toResponse`. */
export interface SSEResponseOptions extends SSEOptions {
  /** The `Last-Event-ID` header of the viewer's request: a browser that comes back sends it. */
  lastEventId?: string | null | undefined;
}

const SSE_OPTIONS = {
  signal: abortSignal(),
  heartbeatMs: duration(15_000),
} satisfies OptionTable<SSEOptions>;

const SSE_HEADERS = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-cache, no-transform',
  // nginx would hold the lines back.
  'x-accel-buffering': 'no',
};

const COMMENT = ':\n\n';

/**
 * A tail as the events of an event stream, for a viewer's browser. It reads only what is pulled, and cancelling it closes
 * the tail.
 *
 * - Lines: their `data` is a JSON array of strings, and their `id` the cursor after them (`encodeCursor`).
 * - `event: end` is the last one: `{ reason, error, jobStatus, exitCode, message, lines }`, where `error` is
 *   `{ code, statusCode }`, since the message of an error may name servers that are not the viewer's concern. A tail that
 *   was closed or aborted has none: the viewer comes back.
 *
 * @throws {InvalidArgumentError} for a bad option, or when the tail has a consumer already
 */
export function toSSE(tail: LogTail, options?: SSEOptions): ReadableStream<Uint8Array> {
  const { signal, heartbeatMs } = readOptions(SSE_OPTIONS, options, 'toSSE');
  const batches = tail.batches();
  const encoder = new TextEncoder();
  const onAbort = (): void => void tail.close();
  const forgetSignal = (): void => signal?.removeEventListener('abort', onAbort);
  signal?.addEventListener('abort', onAbort, { once: true });
  if (signal?.aborted) onAbort();
  // Lets the head of the answer out, and tells a browser that it is open.
  let isBegun = false;
  let next: Promise<IteratorResult<string[]>> | undefined;
  const event = async (): Promise<string | undefined> => {
    if (!isBegun) {
      isBegun = true;
      return COMMENT;
    }
    next ??= batches.next();
    const result = await orNothing(next, heartbeatMs);
    if (result === undefined) return COMMENT;
    next = undefined;
    return result === 'over' || result.done ? undefined : linesEvent(tail.cursor, result.value);
  };
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const text = await event();
        const sent = text ?? (await endEvent(tail));
        if (sent !== '') controller.enqueue(encoder.encode(sent));
        if (text !== undefined) return;
        forgetSignal();
        controller.close();
      },
      async cancel() {
        forgetSignal();
        await tail.close();
      },
    },
    { highWaterMark: 0 },
  );
}

/**
 * A tail as the answer to a viewer's request: a relay in a few lines, in which every viewer has every line exactly once,
 * since a browser's `EventSource` that comes back goes on where it was. Its page closes it at the event `end`.
 *
 * @param open makes the tail that begins at the cursor, for example `(cursor) => client.tailJobLogs(jobId, { cursor })`
 * @throws {InvalidArgumentError} for a bad option; `INVALID_CURSOR` (400) when `lastEventId` is not an `id` of `toSSE`
 * @example
 * ```ts
 * import { AgentClient, toResponse } from '@raywire/agent';
 *
 * const client = new AgentClient({ baseURL: 'http://127.0.0.1:8899' });
 *
 * export function GET(request: Request): Response {
 *   return toResponse((cursor) => client.tailJobLogs('raysubmit_abc123', { cursor }), {
 *     signal: request.signal,
 *     lastEventId: request.headers.get('last-event-id'),
 *   });
 * }
 * ```
 */
export function toResponse(
  open: (cursor: TailCursor | undefined) => LogTail,
  options?: SSEResponseOptions,
): Response {
  const { lastEventId, ...checked } = readOptions(
    { ...SSE_OPTIONS, lastEventId: unchecked<string | null>() },
    options,
    'toResponse',
  );
  if (typeof open !== 'function') {
    refuseOption('toResponse takes a function: (cursor) => client.tailJobLogs(jobId, { cursor }).');
  }
  const tail = open(lastEventId ? decodeCursor(lastEventId) : undefined);
  return new Response(toSSE(tail, checked), { headers: SSE_HEADERS });
}

/** The result; `over` for a failure, which `end` has; `undefined` after so long. */
function orNothing<T>(result: Promise<T>, afterMs: number): Promise<T | 'over' | undefined> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(undefined), afterMs);
    const settle = (value: T | 'over'): void => {
      clearTimeout(timer);
      resolve(value);
    };
    result.then(settle, () => settle('over'));
  });
}

function linesEvent(cursor: TailCursor | undefined, lines: string[]): string {
  const id = cursor === undefined ? '' : `id: ${encodeCursor(cursor)}\n`;
  return `${id}data: ${JSON.stringify(lines)}\n\n`;
}

async function endEvent(tail: LogTail): Promise<string> {
  const { reason, error, jobStatus, exitCode, message, lines } = await tail.end;
  if (reason === 'aborted') return '';
  const shown = ClientError.isInstance(error)
    ? { code: error.code, statusCode: error.statusCode }
    : error && { statusCode: 500 };
  const end = { reason, error: shown, jobStatus, exitCode, message, lines };
  return `event: end\ndata: ${JSON.stringify(end)}\n\n`;
}
