import type { Route } from './routes.js';

/** How an attempt to read the log by one route failed. */
export interface Failure {
  readonly route: Route;
  readonly error: Error;
  /** The server had accepted: a connection stood. */
  readonly accepted: boolean;
  /** A connection stood, or the server had said that the log is still to come. */
  readonly hadContact: boolean;
  /** Something valid had come over it. */
  readonly sawFrame: boolean;
  /** Lines were delivered. */
  readonly progressed: boolean;
  /** How long the connection lasted, in milliseconds. */
  readonly livedMs: number;
  /** The reader did not read for a while: the server's patience may have ended, not ours. */
  readonly readerWasAway: boolean;
}

/** What became of one attempt: the end of the log, or a failure. */
export type Attempt = { readonly end: 'complete' | 'caughtUp' } | Failure;
