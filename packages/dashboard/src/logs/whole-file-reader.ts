import type { ApiClient, LogFrame } from '@raywire/core';
import { HTTPError, NotFoundError, ServerError } from '@raywire/core';
import { isUnframed, LastLineStarts } from '@raywire/ray/internal';
import type { FilePiece, FileReader } from './followed-file.js';
import { isPage, shorterThanBefore } from './log-answer.js';
import type { LogLocation } from './log-location.js';

const NEWLINE = 0x0a;
/** What Ray 2.40 puts in place of a file that it cannot read, under a status of 200. */
const FAILED = '[get_logs] Fetch log error';

/** What Ray says, under a status of 500 (2.40: 200), when the file is not there. */
const MISSING = /\bfile is not found\b/i;

/** The head's own limit would be 30 s for the whole file. */
const LONGEST_READ_S = 3_600;

/** Reads all of a file through the head, byte for byte, and gives what lies past the offset. */
export class WholeFileReader implements FileReader {
  readonly #file: LogLocation;
  readonly #api: ApiClient;
  readonly #signal: AbortSignal;

  constructor(file: LogLocation, api: ApiClient, signal: AbortSignal) {
    this.#file = file;
    this.#api = api;
    this.#signal = signal;
  }

  async open(offset: number): Promise<FilePiece> {
    const { nodeId, filename } = this.#file;
    const read = this.#api.stream({
      path: 'api/v0/logs/file',
      // Ray 2.40 puts a `1` before each chunk unless it is asked for text; newer ones know no other format.
      query: { node_id: nodeId, filename, lines: -1, timeout: LONGEST_READ_S, format: 'text' },
      headers: { accept: 'text/plain' },
      signal: this.#signal,
      // A log may be long, and its reader slow.
      timeoutBounds: 'headers',
      maxRetries: 0,
    });
    const response = await read.catch((error: unknown) => {
      if (HTTPError.isInstance(error) && MISSING.test(String(error.detail))) throw notThere(filename);
      throw error;
    });
    if (isPage(response.headers)) {
      response.cancel();
      throw notALog();
    }
    const file = this.#file;
    const frames = async function* (): AsyncGenerator<LogFrame, void, void> {
      let position = 0;
      for await (const bytes of response.body) {
        const start = position;
        if (start === 0) failUnlessLog(bytes, filename);
        position += bytes.length;
        const end = file.end ?? Number.POSITIVE_INFINITY;
        const part = bytes.subarray(Math.max(0, offset - start), Math.max(0, end - start));
        if (part.length > 0) yield part;
      }
      if (position < offset) throw shorterThanBefore();
    };
    return {
      frames: frames(),
      size: undefined,
      unframed: isUnframed(response.headers),
      close: () => response.cancel(),
    };
  }
}

function failUnlessLog(first: Uint8Array, filename: string): void {
  const text = new TextDecoder().decode(first.subarray(0, 1_000));
  if (!text.startsWith(FAILED)) return;
  if (MISSING.test(text)) throw notThere(filename);
  throw new ServerError({ message: `Ray cannot read the log file:${text.slice(FAILED.length + 1)}` });
}

function notThere(filename: string): NotFoundError {
  return new NotFoundError({
    message: `The log file ${JSON.stringify(filename)} is not found on its node: it was removed, or not written yet.`,
  });
}

function notALog(): ServerError {
  return new ServerError({
    statusCode: 502,
    code: 'UNEXPECTED_RESPONSE',
    message: 'The log file was answered with a page, as proxies send them: something is between us and Ray.',
  });
}

/** Where the last lines of a file begin, found by reading all of it. */
export async function offsetOfLastLinesInWhole(
  reader: FileReader,
  lines: number,
  { start, hasEnded }: { start: number; hasEnded: boolean },
): Promise<number> {
  const starts = new LastLineStarts(lines, start);
  let position = start;
  const { frames } = await reader.open(start);
  for await (const frame of frames) {
    const bytes = frame as Uint8Array;
    for (let at = bytes.indexOf(NEWLINE); at >= 0; at = bytes.indexOf(NEWLINE, at + 1))
      starts.add(position + at + 1);
    position += bytes.length;
  }
  return starts.at(position, hasEnded);
}
