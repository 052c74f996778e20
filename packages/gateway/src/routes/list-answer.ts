import { Readable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Rows } from '../contracts/cluster-state.js';

/** How much JSON is made before other requests have their turn. */
const PIECE_CHARACTERS = 32 * 1_024;

/** Answers requests for lists. */
export type SendList = (
  rows: Rows<object>,
  paged: boolean,
  request: FastifyRequest,
  reply: FastifyReply,
) => FastifyReply;

/**
 * Makes what answers with a list, in pieces: it is never in memory as a whole, and never keeps other requests waiting. A
 * list that fails half-way is broken off. One that was requested with `limit`, `cursor` or filters (`paged`) is a page;
 * others are a bare array, unless that would hide that rows are missing.
 *
 * @param options.stallTimeoutMs how long a reader may take nothing
 * @param options.onError told why a list was broken off
 */
export function listSender(options: { stallTimeoutMs: number; onError: (error: unknown) => void }): SendList {
  return (rows, paged, request, reply) => {
    const response = reply.raw;
    response.setTimeout(options.stallTimeoutMs, () => {
      if (response.writableLength > 0) response.destroy();
    });
    const pieces = paged || rows.truncated ? pageOf(rows, request.url) : arrayOf(rows);
    const watched = reporting(pieces, (error) => {
      // Before the first piece it is answered with its status, as for every route.
      if (response.headersSent) options.onError(error);
    });
    return reply.type('application/json; charset=utf-8').send(Readable.from(watched, { objectMode: false }));
  };
}

async function* arrayOf(rows: Rows<object>): AsyncGenerator<string, void, void> {
  yield* encoded(rows, '[');
  yield ']';
}

async function* pageOf(rows: Rows<object>, url: string): AsyncGenerator<string, void, void> {
  const sent = yield* encoded(rows, '{"results":[');
  const { total = sent, next, truncated = false } = rows;
  const page = {
    count: total,
    next: next === undefined ? null : linkTo(next, url),
    previous: null,
    truncated,
  };
  yield `],${JSON.stringify(page).slice(1)}`;
}

/** Rows as JSON, with commas between them. Returns how many there were. */
async function* encoded(rows: Rows<object>, start: string): AsyncGenerator<string, number, void> {
  let piece = start;
  let count = 0;
  for await (const row of rows) {
    if (count > 0) piece += ',';
    piece += JSON.stringify(row);
    count++;
    if (piece.length < PIECE_CHARACTERS) continue;
    yield piece;
    piece = '';
    await nextTurn();
  }
  yield piece;
  return count;
}

async function* reporting(
  pieces: AsyncIterable<string>,
  onError: (error: unknown) => void,
): AsyncGenerator<string, void, void> {
  try {
    yield* pieces;
  } catch (error) {
    onError(error);
    throw error;
  }
}

/** Relative, since a gateway does not know by which name and path it is reached. */
function linkTo(cursor: string, url: string): string {
  const parameters = new URLSearchParams(url.split('?')[1]);
  parameters.set('cursor', cursor);
  return `?${parameters}`;
}
