import { ClientError } from '@raywire/core';
import type { LogTail } from './tail/log-tail.js';
import type { TailOptions } from './tail/tail-options.js';

/** So many lines of a log usually say why its job has failed. */
const LAST_LINES = 20;

/** The failure of a job is reported without them rather than late. */
const LONGEST_READ_MS = 10_000;

/**
 * The end of the log of a job that has ended, for the error that reports its failure. Empty where the server or the
 * client cannot give it: that must not hide what has happened to the job.
 *
 * @throws `signal.reason` when it is aborted
 */
export async function readLastLines(
  tail: (options: TailOptions) => LogTail,
  signal: AbortSignal | undefined,
): Promise<string[]> {
  const lines: string[] = [];
  const options: TailOptions = {
    tailLines: LAST_LINES,
    follow: false,
    streamLimits: { oversize: 'truncate' },
  };
  let patience: ReturnType<typeof setTimeout> | undefined;
  try {
    const read = tail({ ...options, signal });
    patience = setTimeout(() => void read.close(), LONGEST_READ_MS);
    for await (const line of read) lines.push(line);
  } catch (error) {
    signal?.throwIfAborted();
    if (!ClientError.isInstance(error)) throw error;
  } finally {
    clearTimeout(patience);
  }
  return lines.slice(-LAST_LINES);
}
