/** What a wire or a runtime can do at all. What is false is not tested, or tested for its weaker promise. */
export interface TransportCapabilities {
  /** A frame arrives as it was sent, text as a string; false: a stream of bytes with no borders (HTTP). Default true. */
  messages: boolean;
  /** The status of a refusal is known, and becomes the error's class. A browser's WebSocket: false. Default true. */
  handshakeStatus: boolean;
  /** Accepting takes more than a success status, as a WebSocket's upgrade does: 200 is a refusal. Default true. */
  upgrade: boolean;
  /** The request's headers are sent. A browser's WebSocket: false. Default true. */
  requestHeaders: boolean;
  /** The headers of the acceptance are known. A browser's WebSocket: false. Default true. */
  responseHeaders: boolean;
  /** A reader that stops makes the writer stop. A browser's WebSocket: false. Default true. */
  backpressure: boolean;
  /** The peer's close has a code and a reason. HTTP: false. Default true. */
  closeCodes: boolean;
  /** The transport probes a silent peer (`request.heartbeat`). HTTP, a browser's WebSocket: false. Default true. */
  pings: boolean;
  /** `request.range` is sent, as the header `range`. WebSocket: false. Default false. */
  ranges: boolean;
}

/** Everything, for a wire of messages. */
export const ALL_CAPABILITIES: TransportCapabilities = {
  messages: true,
  handshakeStatus: true,
  upgrade: true,
  requestHeaders: true,
  responseHeaders: true,
  backpressure: true,
  closeCodes: true,
  pings: true,
  ranges: false,
};
