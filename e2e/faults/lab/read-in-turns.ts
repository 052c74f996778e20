import type { LogTail, TailCursor, TailEnd, TailOptions } from '@raywire/agent';
import { ClientError } from '@raywire/core';
import type { TailLaboratory } from './laboratory.js';
import type { Reader } from './schedule.js';

/** What readers got of one log, one after the other. */
export interface ReadInTurns {
  lines: string[];
  /** How the last tail ended. */
  end: TailEnd;
  /** Errors that the readers met; after each, the next one went on at the cursor. */
  errors: unknown[];
}

/** A tail that fails this often meets something that never ends. */
const MAX_FAILURES = 12;

/**
 * Reads a log by one reader after another: each goes on at the cursor of the one before, which went through JSON,
 * in a client of its own. A tail that fails loudly is resumed too.
 */
export async function readInTurns(
  newClient: TailLaboratory['newClient'],
  jobId: string,
  readers: readonly Reader[],
  options: TailOptions,
): Promise<ReadInTurns> {
  const lines: string[] = [];
  const errors: unknown[] = [];
  let cursor: TailCursor | undefined;
  for (let turn = 0; ; turn++) {
    const client = newClient();
    const abort = new AbortController();
    const { tailLines, ...rest } = options;
    const begin = cursor === undefined ? (tailLines === undefined ? {} : { tailLines }) : { cursor };
    const tail = client.tailJobLogs(jobId, { ...rest, ...begin, signal: abort.signal });
    const reader = readers[turn - errors.length];
    let left = false;
    try {
      left = await read(tail, reader, abort, lines);
    } catch (error) {
      if (error !== abort.signal.reason) {
        if (!ClientError.isInstance(error) || errors.push(error) > MAX_FAILURES) throw error;
        checkCursorOf(error, tail);
      }
      left = true;
    } finally {
      await client.close();
    }
    const end = await tail.end;
    if (!left || end.reason === 'complete') return { lines, end, errors };
    cursor = tail.cursor && (JSON.parse(JSON.stringify(tail.cursor)) as TailCursor);
  }
}

/** True: the reader has left; false: the log has ended. */
async function read(
  tail: LogTail,
  reader: Reader | undefined,
  abort: AbortController,
  lines: string[],
): Promise<boolean> {
  let items = 0;
  const source: AsyncIterable<string | string[]> =
    reader?.by === 'batches' ? tail.batches() : reader?.by === 'stream' ? tail.toReadableStream() : tail;
  for await (const item of source) {
    lines.push(...(typeof item === 'string' ? [item] : item));
    if (reader === undefined) continue;
    items++;
    if (items % reader.pauseEvery === 0) await pause(reader.pauseMs);
    if (items !== reader.take) continue;
    if (reader.leaveBy === 'break') return true;
    if (reader.leaveBy === 'close') {
      await tail.close();
      return true;
    }
    const reason = new Error('the reader leaves');
    if (reader.leaveBy === 'abort') abort.abort(reason);
    else setImmediate(() => abort.abort(reason));
  }
  return false;
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    if (milliseconds < 0) setImmediate(resolve);
    else setTimeout(resolve, milliseconds);
  });
}

/** An error that carries a cursor carries the tail's own. */
function checkCursorOf(error: ClientError, tail: LogTail): void {
  const { cursor } = error as { cursor?: unknown };
  if (cursor !== undefined && JSON.stringify(cursor) !== JSON.stringify(tail.cursor)) {
    throw new Error(
      `${error.name} carries ${JSON.stringify(cursor)}, the tail ${JSON.stringify(tail.cursor)}`,
    );
  }
}
