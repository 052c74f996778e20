import type { ApiClient, LogConnection, LogFrame, LogRequest, LogTransport } from '@raywire/core';
import type { TailEvent } from '../tail/tail-event.js';
import type { JobState } from './job-state.js';

/** What a source is asked to open. */
export interface LogSourceRequest {
  jobId: string;
  /** Start at this offset of the log if the source can; `undefined`: at the beginning. */
  offset: number | undefined;
  /** The offset may be within a line: that of whoever copies bytes. Default false: it is where a line begins. */
  isOffsetWithinLine?: boolean;
  /** Start this many lines before the end; only while nothing was delivered. */
  tailLines: number | undefined;
  /** False: end at the present end of the log. */
  follow: boolean;
  /** REST calls to the server, with its credentials. */
  api: ApiClient;
  /** The transport that the engine chose for the source's wire; finite sources read by `api` and get none. */
  transport: LogTransport | undefined;
  /** Bounds the opening, in milliseconds. */
  timeoutMs: number;
  /** A decoder that puts events together gives up on one that is larger, with `FRAME_TOO_LARGE`. Default 8 MiB. */
  maxEventBytes?: number | undefined;
  /**
   * Opens the transport with the tail's headers, time-outs and signal, asking a token function once more after
   * a 401. Give `headers` to add some, and `connectTimeoutMs` where some of `timeoutMs` is spent already.
   */
  connect(
    request: Pick<LogRequest, 'url'> & Partial<Pick<LogRequest, 'headers' | 'range' | 'connectTimeoutMs'>>,
  ): Promise<LogConnection>;
  /** Asks for the job's present state. */
  state(): Promise<JobState>;
  /** Tells the caller's `onEvent`. */
  emit(event: TailEvent): void;
  signal: AbortSignal;
}

/** The end of a log, as its framing tells it. */
export type LogEnd =
  /** The job has ended and all of its log was sent. */
  | { type: 'complete'; status?: string; exitCode?: number | null; offset?: number }
  /** The present end of the log (`follow: false`). */
  | { type: 'caughtUp'; status?: string; offset?: number }
  /** The server says that the stream failed. */
  | { type: 'error'; message: string }
  /** The connection ends here without being the log's end. */
  | { type: 'interrupted'; message: string };

/** The messages that some lines came in. */
export interface LineMessages {
  readonly count: number;
  /** The count of lines at the end of each message; asked only when a limit is met within them. */
  ends(): readonly number[];
}

/** What a decoder makes of some frames. */
export interface DecodedLines {
  /** Whole lines in order, without `\n` and without the `\r` of a `\r\n`; a bare `\r` inside stays. */
  lines: string[];
  /** What `lines` take in the log, each with its `\n`, where the decoder has that text anyway: saves joining them. */
  text?: string | undefined;
  /** On message wires: the messages that `lines` came in; `undefined` where each line is one. */
  messages?: LineMessages | undefined;
  /** The source's offset just before `lines`, where it told that by itself. */
  offsetBefore?: number;
  /** The source's offset just after `lines`. */
  offset?: number;
  /** The beginning of the line that follows `lines`, up to a bare `\r`: a long progress bar leaving the decoder. */
  folded?: string;
  /** The unfinished line so far, for display and for the size limit; the decoder keeps it. */
  unfinished?: string;
  end?: LogEnd;
}

/** Turns frames into lines; one for each connection. */
export interface LogDecoder {
  /** True where frames are messages that `maxMessages` counts. */
  readonly countsMessages: boolean;
  /** A `\r` at the very end of the log is its last line's own. Default false: it is half of a `\r\n`. */
  readonly keepsLastReturn?: boolean;
  /** @throws {ClientError} `FRAME_TOO_LARGE` when an unfinished frame outgrows its bound */
  decode(frames: readonly LogFrame[]): DecodedLines;
  /** Called once when the connection ended in an orderly way: its `end` decides, absence is an interruption. */
  finish(): DecodedLines;
}

/** An open source. */
export interface OpenLogSource {
  connection: LogConnection;
  decoder: LogDecoder;
  /** Where its first line stands: at the asked `offset`, at the log's beginning, or `tailLines` before its end. */
  startsAt: 'offset' | 'beginning' | 'tail';
  /**
   * What silence means. `heartbeat`: the server sends something at least every 15 s that the engine sees, so that
   * silence is death; `transport`: the transport's own probe decides; `ask`: nothing is sent, so ask the job's
   * state now and then.
   */
  silence: 'heartbeat' | 'transport' | 'ask';
}

/** One way to read a log from a server. Sources are data: the engine knows none by name. */
export interface LogSource {
  /** For events and errors, for example `agent-websocket`. */
  readonly name: string;
  /** Which wire its transport must speak. */
  readonly wire: 'websocket' | 'http' | (string & {});
  /** `live` follows the log; `finite` reads what is there now, ends by itself, and proves that nothing is left. */
  readonly kind: 'live' | 'finite';
  /** Whether a 4xx is this server's last word, or only this route's (a WebSocket handshake refused by a proxy). */
  readonly refusalIsFinal: boolean;
  /**
   * True where a proxy that buffers may keep even the beginning of the answer to itself while the job is quiet: no
   * answer in time is then no failure, as long as the job can be asked and runs. Default false.
   */
  readonly answerMayBeHeldBack?: boolean;
  /**
   * @throws {UnsupportedByServerError} when it cannot do what was asked exactly; the next source is tried
   * @throws {ClientError} as the transport and the server say
   */
  open(request: LogSourceRequest): Promise<OpenLogSource>;
}
