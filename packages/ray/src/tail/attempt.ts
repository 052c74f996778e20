import { StreamInterruptedError } from '@raywire/core';
import type { Failure } from './source-walk.js';

/** One connection, as far as it came. */
export interface Attempt extends Failure {
  startedAt: number;
  /** The log itself was asked for, not only what has to be known before. */
  requested: boolean;
  /** It was to go on at an offset of the log. */
  byOffset: boolean;
  /** The job was known to have ended before the connection was opened. */
  readonly terminalBefore: boolean;
}

/** An attempt that has not come anywhere yet. */
export function newAttempt(terminalBefore: boolean): Attempt {
  return {
    error: new StreamInterruptedError({ message: 'The connection ended early.' }),
    accepted: false,
    sawFrame: false,
    progressed: false,
    livedMs: 0,
    readerWasAway: false,
    heldBack: false,
    startedAt: performance.now(),
    requested: false,
    byOffset: false,
    terminalBefore,
  };
}
