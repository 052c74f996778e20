/** What a transport is asked to open. */
export interface LogRequest {
  /** `http(s):` or `ws(s):`, whichever the transport's wire speaks. It may carry a ticket: never print it. */
  url: string;
  /** Names in lower case. */
  headers: Record<string, string>;
  /** Aborting it ends the opening, or the connection: the socket is freed at once. */
  signal: AbortSignal;
  /** Until the server has accepted: milliseconds. */
  connectTimeoutMs: number;
  /** A byte range of the resource, for transports over HTTP; `end` is inclusive. */
  range?: { start: number; end?: number };
  /** A larger frame ends the connection with a `ClientError` of code `FRAME_TOO_LARGE`. Default 8 MiB. */
  maxFrameBytes?: number;
  /**
   * Text messages may come as bytes, their UTF-8, where the transport has them so: saves decoding each by itself.
   * Default false.
   */
  textAsBytes?: boolean;
  /**
   * For wires with a liveness probe of their own (WebSocket pings): probe after `intervalMs` without a byte,
   * fail with `ClientConnectionError` code `HEARTBEAT_TIMEOUT` after `timeoutMs` without one. The clocks run only
   * while a reader waits. A transport without a probe ignores it.
   */
  heartbeat?: { intervalMs: number; timeoutMs: number };
}

/** How a connection ended. `clean` is the peer's word, never a proof that nothing is missing. */
export interface LogConnectionClosed {
  /** A WebSocket close frame was received, or an HTTP body ended as its framing says. */
  clean: boolean;
  /** The WebSocket close code. */
  code?: number;
  reason?: string;
}

/** A frame: an HTTP body chunk, or a WebSocket message (text as `string`, binary as bytes). */
export type LogFrame = Uint8Array | string;

/** Frames of bytes, one behind the other. */
export interface PackedFrames {
  readonly bytes: Uint8Array;
  /** Where each of them ends. */
  readonly ends: Uint32Array;
}

/**
 * An open connection. Iterating it gives the frames with real back-pressure: what is not read stops the socket.
 * The iteration ends quietly when the peer has ended the connection in any orderly way, and throws a `ClientError`
 * when it broke. It has one reader.
 */
export interface LogConnection extends AsyncIterable<LogFrame> {
  /** The HTTP status of the answer or handshake; 101 for a WebSocket, in browsers too. */
  readonly status: number;
  /** Names in lower case; empty where the runtime hides them (a browser's WebSocket). */
  readonly headers: Record<string, string>;
  /** Always resolves, once, also after `close()`. */
  readonly closed: Promise<LogConnectionClosed>;
  /** Frames that have arrived already, taken at once and in order: saves the reader a promise a frame. Optional. */
  takeBuffered?(): LogFrame[];
  /**
   * As `takeBuffered`, put together: frames of `maxBytes` together, and at least one; none where none waits. They are
   * good until the event loop turns. Optional, for wires whose frames are many and small.
   */
  takePacked?(maxBytes: number): PackedFrames;
  /** Frees the socket at once. Calling it twice is fine. */
  close(): void;
}

/**
 * Carries the frames of a log. It knows nothing of Ray, never retries, and never swallows a close.
 * `@raywire/transport-testkit` has the conformance suite that every implementation must pass.
 */
export interface LogTransport {
  readonly contractVersion: 1;
  /** Unique in a client: registering the same name replaces. `protocol: '<name>'` picks it. */
  readonly name: string;
  /** What it speaks: `'websocket'`, `'http'`, or one's own. Default: the name. */
  readonly wire?: string;
  /** False where the runtime cannot send the request's headers (a browser's WebSocket). Default true. */
  readonly sendsHeaders?: boolean;
  /**
   * Settles when the server has accepted: the handshake is done, or success headers have come.
   *
   * @throws {HTTPError} with the server's status, when it refused (any status that is not success)
   * @throws {ClientTimeoutError} after `connectTimeoutMs`
   * @throws {ClientConnectionError} when there was no answer
   * `signal.reason` is thrown as it is when the signal is aborted.
   */
  open(request: LogRequest): Promise<LogConnection>;
  /** Frees what the transport keeps between connections. */
  close?(): Promise<void>;
}
