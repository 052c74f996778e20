/** A place in a log, between two lines (or two `\r` segments), in canonical bytes. */
export interface LogPosition {
  /** Canonical bytes before it: the UTF-8 of the decoded text after `\r\n` and `\r` became `\n`. */
  readonly bytes: number;
  /** The state of the hash over these bytes. */
  readonly hash: string;
  /** Lines delivered before it. */
  readonly lines: number;
}

/** What a source needs to find a place again, and to prove that the log is the same: hashes, for example. */
export type LogAnchor = Readonly<Record<string, string | number>>;

/** A place that the source can skip to. */
export interface LogCheckpoint {
  /** The source's own. */
  readonly offset: number;
  readonly position: LogPosition;
  /** From sources that need it. */
  readonly anchor?: LogAnchor;
}

/**
 * A position in a log that survives `JSON.stringify`: pass it as `{ cursor }` to a new tail, also in another
 * process, to go on just after the last item that was handed out. Treat it as opaque.
 */
export interface TailCursor {
  readonly version: 1;
  readonly jobId: string;
  /** Which log it was (submission ID and start time); `null` where the server did not say. */
  readonly identity: string | null;
  readonly position: LogPosition;
  /** The last place at which the source told its own offset: where sources that can skip start again. */
  readonly checkpoint: LogCheckpoint | null;
  /** The tail began in the middle (`tailLines`): positions count from there, so only `checkpoint` can resume. */
  readonly relative: boolean;
}
