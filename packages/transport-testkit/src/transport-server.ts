/** A server that does what a test tells it, one connection at a time. The kit closes it after each test. */
export interface TransportServer {
  /** What the transport under test opens. */
  readonly url: string;
  /** How many requests have come so far: a transport never retries. */
  readonly connections: number;
  /** The ways in which this wire can break; each is tested. */
  readonly breaks: readonly PeerBreak[];
  /** The next connection, once its request has been read: in the order in which they came, each once. */
  next(): Promise<TransportPeer>;
  /** Ends all connections, and listens no more: `url` is refused from then on. Calling it twice is fine. */
  close(): Promise<void>;
}

/** One connection, seen from the server. Until it accepts or refuses, it has never answered. */
export interface TransportPeer {
  /** Of the request, names in lower case. */
  readonly headers: Record<string, string>;
  /** Bytes of frames that have left this process, or were taken by the client where there is no socket. */
  readonly bytesAccepted: number;
  /** Resolves when the client's side is gone. */
  readonly gone: Promise<void>;
  accept(acceptance?: PeerAcceptance): Promise<void>;
  /** Answers with a refusal and ends the connection. */
  refuse(refusal: PeerRefusal): Promise<void>;
  /** Resolves when the frame has left: a client that does not read holds it up. Rejects when the client is gone. */
  send(frame: string | Uint8Array): Promise<void>;
  /** Ends in the orderly way of the wire: a close frame, the end of the body. */
  end(close?: PeerClose): Promise<void>;
  /** Ends in disorder. */
  break(how: PeerBreak): Promise<void>;
  /** Writes bytes of the wire as they are, for tests of one wire's own. The kit's cases never use it. */
  sendRaw?(bytes: Uint8Array): Promise<void>;
  /** Resolves once so many probes have come in all. Needed for the capability `pings`. */
  pings?(count: number): Promise<void>;
}

/** How a peer accepts. */
export interface PeerAcceptance {
  /** Sent with the acceptance. */
  headers?: Record<string, string>;
  /** Whether probes are answered. Default true. */
  answerPings?: boolean;
}

/** How a peer refuses. */
export interface PeerRefusal {
  status: number;
  headers?: Record<string, string>;
  body?: string;
}

/** What an orderly end says, where the wire can say it. */
export interface PeerClose {
  code: number;
  reason: string;
}

/** `fin`: the end of the connection without that of the log; `half-written`: in the middle of a frame; `reset`. */
export type PeerBreak = 'fin' | 'half-written' | 'reset';
