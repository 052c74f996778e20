import { type ApiClient, NotFoundError, ServerError } from '@raywire/core';
import { isUnframed } from '@raywire/ray/internal';
import { FileFrames } from './file-frames.js';
import { isPage } from './log-answer.js';
import type { FileLook, LogFiles, OpenFile } from './log-files.js';
import { type LogLocation, listLogs } from './log-location.js';
import { fingerprintOf, HEAD_BYTES } from './read-file.js';

/** What Ray 2.40 puts in place of a file that it cannot read, under a status of 200. */
const FAILED = '[get_logs] Fetch log error';
/** What Ray says, under a status of 500 (2.40: 200), when the file is not there. */
const MISSING = /\bfile is not found\b/i;

/** The head's own limit would be 30 s for the whole file. */
const LONGEST_READ_S = 3_600;

/** The files of a log, read through the head: always reachable, but each read is of a whole file. */
export class WholeFiles implements LogFiles {
  readonly #location: Pick<LogLocation, 'nodeId' | 'filename'>;
  readonly #api: ApiClient;
  readonly #patience: { signal: AbortSignal; stalledAfterMs: number };

  constructor(
    location: Pick<LogLocation, 'nodeId' | 'filename'>,
    api: ApiClient,
    patience: { signal: AbortSignal; stalledAfterMs: number },
  ) {
    this.#location = location;
    this.#api = api;
    this.#patience = patience;
  }

  async open(age: number, start: number): Promise<OpenFile> {
    const { nodeId } = this.#location;
    const filename = this.#nameOf(age);
    const response = await this.#api
      .stream({
        path: 'api/v0/logs/file',
        // Ray 2.40 puts a `1` before each chunk unless it is asked for text; newer ones know no other format.
        query: {
          ...{ node_id: nodeId, filename },
          ...{ lines: -1, timeout: LONGEST_READ_S, format: 'text' },
        },
        headers: { accept: 'text/plain' },
        signal: this.#patience.signal,
        // A log may be long, and its reader slow.
        timeoutBounds: 'headers',
        maxRetries: 0,
      })
      .catch((error: unknown) => {
        throw ServerError.isInstance(error) && MISSING.test(error.message) ? notThere(filename) : error;
      });
    if (isPage(response.headers)) {
      response.cancel();
      throw notALog();
    }
    return {
      frames: new FileFrames(checked(response.body, filename), start, this.#patience),
      size: undefined,
      unframed: isUnframed(response.headers),
      close: () => response.cancel(),
    };
  }

  /** A file's first bytes make its tag, since the head tells neither times nor lengths. */
  async look(age: number): Promise<FileLook | undefined> {
    if (age > 0 && !(await this.#isListed(age))) return undefined;
    const head = await this.#take(age, 0, HEAD_BYTES);
    if (head === undefined) return undefined;
    const { length, hash } = fingerprintOf(head);
    return { tag: `${length}.${hash}`, size: undefined };
  }

  async read(age: number, start: number, end: number): Promise<Uint8Array | undefined> {
    if (start >= end) return new Uint8Array(0);
    const bytes = await this.#take(age, start, end);
    return bytes?.length === end - start ? bytes : undefined;
  }

  #nameOf(age: number): string {
    const { filename } = this.#location;
    return age === 0 ? filename : `${filename}.${age}`;
  }

  /** A question that costs Ray less than a file that is not there, which it writes to its own log as an error. */
  async #isListed(age: number): Promise<boolean> {
    const { nodeId } = this.#location;
    const { signal } = this.#patience;
    const names = await listLogs(this.#api, { nodeId, glob: this.#nameOf(age) }, { signal }).catch(
      (error: unknown) => {
        // Where logs cannot be listed, none is known to be older.
        if (NotFoundError.isInstance(error)) return [];
        throw error;
      },
    );
    return names.length > 0;
  }

  async #take(age: number, start: number, end: number): Promise<Uint8Array | undefined> {
    let file: OpenFile | undefined;
    try {
      file = await this.open(age, start);
      return await file.frames.take(end - start);
    } catch (error) {
      if (NotFoundError.isInstance(error)) return undefined;
      throw error;
    } finally {
      file?.close();
    }
  }
}

/** @throws {NotFoundError} where Ray says so at the beginning of a body */
async function* checked(
  body: AsyncIterable<Uint8Array>,
  filename: string,
): AsyncGenerator<Uint8Array, void, void> {
  let isFirst = true;
  for await (const bytes of body) {
    if (isFirst) failUnlessLog(bytes, filename);
    isFirst = false;
    yield bytes;
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
