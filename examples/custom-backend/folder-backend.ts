import { createReadStream } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { InvalidArgumentError, NotFoundError, UnsupportedByServerError } from '@raywire/core';
import {
  type Job,
  type ListOrder,
  type LogEnd,
  type LogSource,
  pageRows,
  type RayBackend,
} from '@raywire/ray';

/** The order of its pages. */
const BY_NAME: ListOrder<Job> = { list: 'jobs', shape: ['string'], key: ({ id }) => [id] };

/** A folder as a cluster: `<job>.log` is the log of a job, `<job>.exit` its exit code, once it has ended. */
export function folderBackend(folder: string): RayBackend {
  const getJob = async (_api: unknown, id: string): Promise<Job> => {
    const { birthtimeMs } = await stat(join(folder, `${id}.log`)).catch(() => {
      throw new NotFoundError({ message: `The folder has no log of a job ${id}.` });
    });
    const exit = await readFile(join(folder, `${id}.exit`), 'utf8').catch(() => undefined);
    const status = exit === undefined ? 'RUNNING' : Number(exit) === 0 ? 'SUCCEEDED' : 'FAILED';
    const driver_exit_code = exit === undefined ? null : Number(exit);
    return { id, job_id: id, status, driver_exit_code, start_time: birthtimeMs };
  };
  return {
    contractVersion: 1,
    name: 'folder',
    // No request goes there: nothing below uses the client's HTTP.
    endpoint: { baseURL: 'http://localhost' },
    operations: {
      getJob,
      async listJobs(api, options) {
        const logs = (await readdir(folder)).filter((name) => name.endsWith('.log'));
        const items = await Promise.all(logs.map((name) => getJob(api, name.slice(0, -4))));
        return pageRows({ items }, options, BY_NAME);
      },
      validateId(_kind, id): asserts id is string {
        if (typeof id === 'string' && /^[\w-]+$/.test(id)) return;
        throw new InvalidArgumentError({ message: 'A job ID has letters, digits, "_" and "-" alone.' });
      },
    },
    logSources: [fileSource(folder)],
  };
}

/** Reads a log file from any byte on. It is read again until the job had ended before a read. */
function fileSource(folder: string): LogSource {
  return {
    name: 'file',
    async open({ jobId, offset = 0, tailLines, follow, job, signal }) {
      if (tailLines !== undefined)
        throw new UnsupportedByServerError({ message: 'A folder has no tailLines.' });
      let resolveClosed: (closed: { clean: boolean }) => void = () => undefined;
      const closed = new Promise<{ clean: boolean }>((resolve) => {
        resolveClosed = resolve;
      });
      const closing = new AbortController();
      let position = offset;
      let end: LogEnd | undefined;
      async function* bytes(): AsyncGenerator<Uint8Array, void, void> {
        while (end === undefined && !closing.signal.aborted) {
          const { terminal, status, exitCode } = await job.refresh();
          for await (const chunk of createReadStream(join(folder, `${jobId}.log`), {
            start: position,
            signal,
          })) {
            position += chunk.length;
            yield chunk;
          }
          if (terminal) end = { type: 'complete', status, exitCode };
          else if (!follow) end = { type: 'caughtUp', status };
          else await delay(50, undefined, { signal });
        }
        resolveClosed({ clean: true });
      }
      const close = (): void => {
        closing.abort();
        resolveClosed({ clean: false });
      };
      const connection = { status: 200, headers: {}, closed, close, [Symbol.asyncIterator]: bytes };
      return { connection, startsAt: offset, silence: 'transport', end: () => end };
    },
  };
}
