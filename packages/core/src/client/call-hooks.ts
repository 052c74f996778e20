/**
 * Functions that see what REST calls and the connections of tails send and get, as redacted copies. One that throws fails
 * the call, or the tail with an `InvalidArgumentError`; one that gives a promise is waited for, and its rejection does so
 * too. That a tail connects again is told to its `onEvent`, and not to `onRetry`.
 */
export interface CallHooks {
  /** Before each request, those after a redirect and a 401 included. */
  onRequest?: ((event: RequestEvent) => void) | undefined;
  /** At the headers of each answer, of any status. */
  onResponse?: ((event: ResponseEvent) => void) | undefined;
  /** Before the wait that comes before each repetition. */
  onRetry?: ((event: RetryEvent) => void) | undefined;
}

/** A request is about to be sent. */
export interface RequestEvent {
  method: string;
  url: string;
  /** Names in lower case. */
  headers: Record<string, string>;
  /** 1, and one more for each repetition. */
  attempt: number;
}

/** The headers of an answer have come. */
export interface ResponseEvent {
  method: string;
  url: string;
  status: number;
  /** Names in lower case. */
  headers: Record<string, string>;
  /** 1, and one more for each repetition. */
  attempt: number;
  /** From the sending of the request to the headers, in milliseconds. */
  durationMs: number;
}

/** A call failed and will be repeated. */
export interface RetryEvent {
  method: string;
  url: string;
  /** Of the attempt that failed. */
  attempt: number;
  /** How long the next one is waited for, in milliseconds. */
  delayMs: number;
  error: unknown;
}
