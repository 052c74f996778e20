import type { ApiClient, LogFrame } from '@raywire/core';
import { StreamGapError } from '@raywire/core';
import type { FilePiece, FileReader } from './followed-file.js';
import { LastLineStarts } from './last-line-starts.js';
import type { LogFile } from './log-file.js';

const NEWLINE = 0x0a;

/** The head's own limit would be 30 s for the whole file. */
const LONGEST_READ_S = 3_600;

/** Reads all of a file through the head, byte for byte, and gives what lies past the offset. */
export class WholeFileReader implements FileReader {
  readonly #file: LogFile;
  readonly #api: ApiClient;
  readonly #signal: AbortSignal;

  constructor(file: LogFile, api: ApiClient, signal: AbortSignal) {
    this.#file = file;
    this.#api = api;
    this.#signal = signal;
  }

  async open(offset: number): Promise<FilePiece> {
    const { nodeId, filename } = this.#file;
    const response = await this.#api.stream({
      path: 'api/v0/logs/file',
      query: { node_id: nodeId, filename, lines: -1, timeout: LONGEST_READ_S },
      headers: { accept: 'text/plain' },
      signal: this.#signal,
      maxRetries: 0,
    });
    const file = this.#file;
    const frames = async function* (): AsyncGenerator<LogFrame, void, void> {
      let position = 0;
      for await (const bytes of response.body) {
        const start = position;
        position += bytes.length;
        const end = file.end ?? Number.POSITIVE_INFINITY;
        const part = bytes.subarray(Math.max(0, offset - start), Math.max(0, end - start));
        if (part.length > 0) yield part;
      }
      if (position < offset) throw shorter();
    };
    return { frames: frames(), size: undefined, close: () => response.cancel() };
  }
}

function shorter(): StreamGapError {
  return new StreamGapError({
    message: 'The log file is shorter than what was delivered: it was truncated or replaced.',
  });
}

/** Where the last lines of a file begin, found by reading all of it; 0 lines: after its last newline. */
export async function offsetOfLastLinesInWhole(
  reader: FileReader,
  lines: number,
  start: number,
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
  return starts.at(position);
}
