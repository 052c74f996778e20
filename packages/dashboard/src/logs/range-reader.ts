import { HTTPError, type LogConnection, type LogFrame, ServerError, StreamGapError } from '@raywire/core';
import { within } from '@raywire/core/internal';
import type { LogSourceRequest } from '@raywire/ray';
import { startOfLastLines } from '@raywire/ray/internal';
import { type FilePiece, type FileReader, stalled } from './followed-file.js';
import { isPage, shorterThanBefore } from './log-answer.js';

const NEWLINE = 0x0a;

/**
 * Reads a file from a node agent by byte ranges. Each range begins one byte early: so there is always an answer, it
 * always tells the file's length, and a file that was cut or replaced is noticed.
 */
export class RangeReader implements FileReader {
  readonly #url: string;
  readonly #log: { readonly end: number | undefined };
  readonly #connect: LogSourceRequest['connect'];
  #lastByte: number | undefined;
  #isFirst = true;

  /**
   * @param log where the log ends in the file, exclusive; it may be learnt meanwhile
   * @param isResumed the first offset is that of an earlier tail: the beginning of a line
   */
  constructor(
    url: string,
    log: { readonly end: number | undefined },
    isResumed: boolean,
    connect: LogSourceRequest['connect'],
  ) {
    this.#url = url;
    this.#log = log;
    this.#connect = connect;
    this.#lastByte = isResumed ? NEWLINE : undefined;
  }

  async open(offset: number): Promise<FilePiece> {
    const from = offset === 0 ? 0 : offset - 1;
    const connection = await this.#connect({
      url: this.#url,
      ...(from > 0 && { range: { start: from } }),
    });
    const { start, size } = lengthsOf(connection, from);
    if (size < offset) {
      connection.close();
      throw shorterThanBefore();
    }
    // A tail of no lines may have begun behind a last line that has no newline.
    if (this.#isFirst && size === offset) this.#lastByte = undefined;
    this.#isFirst = false;
    const last = Math.min(size, this.#log.end ?? size);
    return {
      size: last,
      frames: this.#frames(connection, offset - start, last - start),
      close: () => connection.close(),
    };
  }

  /** The part of the body from `skip` on, without what lies past `end`. */
  #frames(connection: LogConnection, skip: number, end: number): FilePiece['frames'] {
    const cut = this.#cut(skip, end);
    const frames = (async function* () {
      for await (const frame of connection) {
        const part = cut(frame);
        if (part.length > 0) yield part;
      }
    })();
    return Object.assign(frames, {
      takeBuffered: (): LogFrame[] =>
        (connection.takeBuffered?.() ?? []).map(cut).filter((part) => part.length > 0),
    });
  }

  #cut(skip: number, end: number): (frame: LogFrame) => Uint8Array {
    let position = 0;
    return (frame) => {
      const bytes = typeof frame === 'string' ? new TextEncoder().encode(frame) : frame;
      const start = position;
      position += bytes.length;
      if (skip > 0 && start < skip && position >= skip) this.#compare(bytes[skip - 1 - start] as number);
      const part = bytes.subarray(Math.max(0, skip - start), Math.max(0, end - start));
      this.#lastByte = part.at(-1) ?? this.#lastByte;
      return part;
    };
  }

  #compare(byte: number): void {
    if (this.#lastByte === undefined || byte === this.#lastByte) return;
    throw new StreamGapError({
      message: 'The log file is another one than before: it was rotated or replaced.',
    });
  }
}

function lengthsOf(connection: LogConnection, from: number): { start: number; size: number } {
  const { status, headers } = connection;
  const range = /^bytes (\d+)-\d+\/(\d+)$/.exec(headers['content-range'] ?? '');
  const isLog = !isPage(headers);
  if (isLog && status === 206 && range !== null && Number(range[1]) === from)
    return { start: from, size: Number(range[2]) };
  // A proxy without ranges sends all of it.
  const length = headers['content-length'];
  if (isLog && status === 200 && length !== undefined) return { start: 0, size: Number(length) };
  connection.close();
  throw new ServerError({
    statusCode: 502,
    code: 'UNEXPECTED_RESPONSE',
    message: 'The node agent did not say how long the log file is: something else answers at its address.',
  });
}

/** Where the last lines of a file begin, read backwards from its end. */
export async function offsetOfLastLines(
  url: string,
  lines: number,
  { start, end }: { start: number; end: number | undefined },
  request: Pick<LogSourceRequest, 'connect' | 'job' | 'signal' | 'stalledAfterMs'>,
): Promise<number> {
  const probe = await request.connect({ url, range: { start, end: start } }).catch((error: unknown) => {
    if (HTTPError.isInstance(error) && error.statusCode === 416) return undefined;
    throw error;
  });
  if (probe === undefined) return start;
  const { size } = lengthsOf(probe, start);
  probe.close();
  const log = { start, end: Math.min(size, end ?? size), hasEnded: request.job.state?.terminal ?? false };
  return startOfLastLines(lines, log, (from, to) => readBlock(url, from, to, request));
}

async function readBlock(
  url: string,
  start: number,
  end: number,
  {
    connect,
    signal,
    stalledAfterMs: timeoutMs,
  }: Pick<LogSourceRequest, 'connect' | 'signal' | 'stalledAfterMs'>,
): Promise<Uint8Array> {
  const connection = await connect({ url, range: { start, end: end - 1 } });
  let position = lengthsOf(connection, start).start;
  const block = new Uint8Array(end - start);
  const frames = connection[Symbol.asyncIterator]();
  try {
    while (position < end) {
      const next = await within(frames.next(), { signal, timeoutMs, late: () => stalled(timeoutMs) });
      if (next.done) break;
      const bytes = typeof next.value === 'string' ? new TextEncoder().encode(next.value) : next.value;
      const at = position - start;
      block.set(bytes.subarray(Math.max(0, -at), Math.max(0, block.length - at)), Math.max(0, at));
      position += bytes.length;
    }
  } finally {
    connection.close();
  }
  return block;
}
