import type {
  ApiClient,
  JobStatus,
  LogAnchor,
  LogConnection,
  LogFrame,
  LogRequest,
  LogTransport,
  PackedFrames,
} from '@raywire/core';
import type { TailEvent } from '../tail/tail-event.js';
import type { JobState } from './job-state.js';
import type { JobWatch } from './job-watch.js';

/** What a source is to open. */
export interface LogSourceRequest {
  jobId: string;
  /** Start at this offset of the log, if the source can; `undefined`: at the beginning. */
  offset: number | undefined;
  /** What the source told of a place, by which it is found again and proven: that of `offset`, or of one passed later. */
  anchor?: LogAnchor | undefined;
  /** Start this many lines before the end; only while nothing was delivered. */
  tailLines: number | undefined;
  /** False: end at the present end of the log. */
  follow: boolean;
  /** REST calls to the server, with its credentials. */
  api: ApiClient;
  /** The transport chosen for the source's wire; `undefined` where it has none, and for a finite source. */
  transport: LogTransport | undefined;
  /** Bounds the opening, in milliseconds. */
  timeoutMs: number;
  /** Silence in the middle of an answer after which its connection is dead, in milliseconds. */
  stalledAfterMs: number;
  /** A decoder that assembles events gives up on a larger one, with `FRAME_TOO_LARGE`. Default 8 MiB. */
  maxEventBytes?: number | undefined;
  /**
   * Opens the transport with the tail's headers, time-outs and signal. After a 401 it renews the token once. Give
   * `headers` to add some, and `connectTimeoutMs` where some of `timeoutMs` is spent already.
   */
  connect(
    request: Pick<LogRequest, 'url'> &
      Partial<Pick<LogRequest, 'headers' | 'range' | 'connectTimeoutMs' | 'textAsBytes'>>,
  ): Promise<LogConnection>;
  /** The state of the job. */
  job: Pick<JobWatch, 'state' | 'refresh' | 'tryRefresh' | 'report' | 'confirmEnd'>;
  /** Events are read: a `waiting` one may cost some requests to say why. Default false. */
  isWatched?: boolean;
  /** Reports to the caller's `onEvent`. */
  emit(event: TailEvent): void;
  signal: AbortSignal;
}

/** What the end of a connection means for the log. */
export type LogEnd =
  /** The job has ended and all of its log was sent. */
  | { type: 'complete'; status?: JobStatus; exitCode?: number | null; offset?: number }
  /** The present end of the log (`follow: false`). */
  | { type: 'caughtUp'; status?: JobStatus; offset?: number }
  /** The server says that the stream failed. */
  | { type: 'error'; message: string }
  /** The connection ends here, and the log does not. */
  | { type: 'interrupted'; message: string };

/**
 * What it means that a log was read to its present end.
 *
 * @param before the job's state before that end was looked for; `undefined` where the server does not say
 * @returns `undefined`: more may come, and it is waited for
 */
export function presentEnd(before: JobState | undefined, follow: boolean): LogEnd | undefined {
  if (before?.terminal) return { type: 'complete', status: before.status, exitCode: before.exitCode };
  return follow ? undefined : { type: 'caughtUp', ...(before && { status: before.status }) };
}

/** The messages that some lines came in. */
export interface LineMessages {
  readonly count: number;
  /** The number of lines before each message; called only where a message is cut off from the others. */
  starts(): readonly number[];
}

/** Lines in order; an array is one. */
export interface LineList {
  readonly length: number;
  at(index: number): string | undefined;
  slice(start?: number, end?: number): string[];
}

/** Lines as UTF-8, each with its `\n`. They are good until the next call of the decoder. */
export interface CanonicalBytes {
  /** A bare `\r` is a `\n`, as in what Ray's WebSocket sends. */
  bytes: Uint8Array;
  /** The indices of all lines that move the cursor (`movesCursor`), and perhaps of others; `undefined`: unknown. */
  withMoves?: readonly number[];
  /** No line has more bytes than that, its `\n` included; `undefined`: unknown. */
  longest?: number;
}

/** What a decoder makes of some frames. */
export interface DecodedLines {
  /** Whole lines in order, without `\n` and without the `\r` of a `\r\n`; a bare `\r` inside stays. */
  lines: LineList;
  /** `lines` as the log has them, each with its `\n`, where the decoder has that text anyway: saves joining them. */
  text?: string | undefined;
  /** What the tail's position is made of, where the decoder has it anyway: saves encoding `lines`. */
  canonical?: CanonicalBytes | undefined;
  /** Where `maxMessages` applies: the messages that `lines` came in; `'each'`: every line is one. */
  messages?: LineMessages | 'each' | undefined;
  /** The source's offset just before `lines`, where the source gives it. */
  offsetBefore?: number;
  /** The source's offset just after `lines`. */
  offset?: number;
  /** The last bytes of the log before `offset`, where the source has anchors. */
  before?: Uint8Array;
  /** The beginning of the line that follows `lines`, up to a bare `\r`: a long progress bar leaving the decoder. */
  folded?: string;
  /** The unfinished line so far, for display and for the size limit; the decoder keeps it. */
  unfinished?: string;
  /** At the end of the log: its last line, if it has no newline. */
  rest?: string | undefined;
  end?: LogEnd;
}

/** Turns frames into lines; one for each connection. */
export interface LogDecoder {
  /** @throws {ClientError} `FRAME_TOO_LARGE` when an unfinished frame outgrows its bound */
  decode(frames: readonly LogFrame[]): DecodedLines;
  /** As `decode`, for frames of bytes that were put together; `first` comes before them. Optional. */
  decodePacked?(packed: PackedFrames, first?: Uint8Array): DecodedLines;
  /** Called once, when the connection has ended in an orderly way. */
  finish(): DecodedLines;
}

/** An open source. */
export interface OpenLogSource {
  connection: LogConnection;
  /** Default: the frames are the bytes of the log. */
  decoder?: LogDecoder;
  /**
   * Where the first frame stands: at an offset of the log, or `tailLines` before its end at an offset that is not known.
   * Default: at the beginning of the log.
   */
  startsAt?: number | 'tail' | undefined;
  /**
   * What silence means. `heartbeat`: the server sends something at least every 15 s, so silence is death; `transport`:
   * the transport's own probe decides; `ask` (default): nothing is sent, so the job's state is requested now and then.
   */
  silence?: 'heartbeat' | 'transport' | 'ask';
  /**
   * For sources whose offsets alone do not prove that a log is still the same: how a later request finds the place again.
   *
   * @param before the bytes of the log before `offset`, 8 KiB of them where there are so many; default: the last ones that
   * the connection gave
   */
  anchorAt?(offset: number, before?: Uint8Array): () => LogAnchor;
  /**
   * What it means that the connection has ended in an orderly way, where the frames did not say it; `undefined`, and no
   * such function: an interruption.
   *
   * @param bytes the log's canonical bytes up to there: UTF-8 of the decoded text after `\r\n` and `\r` became `\n`
   */
  end?(bytes: number): LogEnd | undefined | Promise<LogEnd | undefined>;
}

/** One way to read a log from a server. Sources are data: the engine knows none by name. */
export interface LogSource {
  /** For events and errors, for example `agent-websocket`. */
  readonly name: string;
  /** Which wire its transport must speak. Without one it reads in its own way, and needs no transport. */
  readonly wire?: 'websocket' | 'http' | (string & {});
  /**
   * True where it reads what is there now and ends by itself: it cannot follow a log, but can prove that nothing is left
   * of one. Default false.
   */
  readonly finite?: boolean;
  /**
   * True where a proxy that buffers may hold back even the beginning of the answer while the job is quiet: no answer in
   * time is then no failure while the job runs. Default false.
   */
  readonly answerMayBeHeldBack?: boolean;
  /**
   * @throws {UnsupportedByServerError} when it cannot do exactly what was requested; the next source is tried
   * @throws {ClientError} as the transport and the server say
   */
  open(request: LogSourceRequest): Promise<OpenLogSource>;
}
