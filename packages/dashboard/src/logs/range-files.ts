import { HTTPError, type LogConnection, NotFoundError, ServerError } from '@raywire/core';
import type { LogSourceRequest } from '@raywire/ray';
import { FileFrames } from './file-frames.js';
import { isPage } from './log-answer.js';
import type { FileLook, LogFiles, OpenFile } from './log-files.js';

/** What an answer of a node agent says of its file. */
interface RangeAnswer extends FileLook {
  size: number;
  connection: LogConnection;
  /** Where its body begins. */
  start: number;
}

/**
 * The files of a log, read from a node agent by byte ranges. A tag is the time of the last change and the length
 * (aiohttp's ETag), which renaming a file leaves as they are.
 */
export class RangeFiles implements LogFiles {
  readonly #url: string;
  readonly #request: Pick<LogSourceRequest, 'connect' | 'signal' | 'stalledAfterMs'>;

  /** @param url of the file that is written to */
  constructor(url: string, request: Pick<LogSourceRequest, 'connect' | 'signal' | 'stalledAfterMs'>) {
    this.#url = url;
    this.#request = request;
  }

  async open(age: number, start: number): Promise<OpenFile | undefined> {
    const answer = await this.#ask(age, start === 0 ? undefined : { start });
    if (answer === undefined) return undefined;
    const { connection, tag, size } = answer;
    const frames = new FileFrames(connection, start - answer.start, this.#request);
    return { frames, size, tag, close: () => connection.close() };
  }

  async look(age: number): Promise<FileLook | undefined> {
    try {
      const answer = await this.#ask(age, { start: 0, end: 0 });
      if (answer === undefined) return { tag: 'empty', size: 0 };
      try {
        // One byte and the end: an answer that was read to its end leaves its connection to the next request.
        await new FileFrames(answer.connection, 0, this.#request).take(2);
      } finally {
        answer.connection.close();
      }
      return answer;
    } catch (error) {
      return unlessMissing(error);
    }
  }

  async read(age: number, start: number, end: number): Promise<Uint8Array | undefined> {
    if (start >= end) return new Uint8Array(0);
    const answer = await this.#ask(age, { start, end: end - 1 }).catch(unlessMissing);
    if (answer === undefined || answer.size < end) {
      answer?.connection.close();
      return undefined;
    }
    try {
      const bytes = await new FileFrames(answer.connection, start - answer.start, this.#request).take(
        end - start,
      );
      if (bytes.length === end - start) return bytes;
      throw new ServerError({
        statusCode: 502,
        message: 'The node agent sent less of the log file than it said.',
      });
    } finally {
      answer.connection.close();
    }
  }

  /** `undefined` when the file has no byte of the range. */
  async #ask(
    age: number,
    range: { start: number; end?: number } | undefined,
  ): Promise<RangeAnswer | undefined> {
    const url = age === 0 ? this.#url : `${this.#url}.${age}`;
    try {
      return answerOf(
        await this.#request.connect({ url, ...(range !== undefined && { range }) }),
        range?.start ?? 0,
      );
    } catch (error) {
      if (HTTPError.isInstance(error) && error.statusCode === 416) return undefined;
      throw error;
    }
  }
}

function unlessMissing(error: unknown): undefined {
  if (!NotFoundError.isInstance(error)) throw error;
}

function answerOf(connection: LogConnection, from: number): RangeAnswer {
  const { status, headers } = connection;
  const range = /^bytes (\d+)-\d+\/(\d+)$/.exec(headers['content-range'] ?? '');
  const isLog = !isPage(headers);
  const tag = headers.etag ?? '';
  if (isLog && status === 206 && range !== null && Number(range[1]) === from)
    return { connection, tag, start: from, size: Number(range[2]) };
  // A proxy without ranges sends all of it.
  const length = headers['content-length'];
  if (isLog && status === 200 && length !== undefined)
    return { connection, tag, start: 0, size: Number(length) };
  connection.close();
  throw new ServerError({
    statusCode: 502,
    code: 'UNEXPECTED_RESPONSE',
    message: 'The node agent did not say how long the log file is: something else answers at its address.',
  });
}
