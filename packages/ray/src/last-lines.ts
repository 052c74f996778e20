import { ClientError } from '@raywire/core';
import type { LogTail } from './tail/log-tail.js';
import type { TailOptions } from './tail/tail-options.js';

/** As many lines of a log say why its job has failed. */
const LAST_LINES = 20;

/** The failure of a job is told without them rather than late. */
const LONGEST_READ_MS = 10_000;

/**
 * The end of the log of a job that has ended, for the error that tells its failure: none where the server or the
 * client cannot give it, since that must not hide what has happened to the job.
 *
 * @throws `signal.reason` when it is aborted meanwhile
 */
export async function readLastLines(
  tail: (options: TailOptions) => LogTail,
  signal: AbortSignal | undefined,
): Promise<string[]> {
  const lines: string[] = [];
  const patience = AbortSignal.timeout(LONGEST_READ_MS);
  try {
    const options: TailOptions = {
      tailLines: LAST_LINES,
      follow: false,
      streamLimits: { oversize: 'truncate' },
      signal: signal === undefined ? patience : AbortSignal.any([signal, patience]),
    };
    for await (const line of tail(options)) lines.push(line);
  } catch (error) {
    signal?.throwIfAborted();
    if (!ClientError.isInstance(error) && error !== patience.reason) throw error;
  }
  return lines.slice(-LAST_LINES);
}
