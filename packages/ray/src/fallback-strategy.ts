import { ClientError, HTTPError, UnsupportedByServerError } from '@raywire/core';
import { kind, type OptionKind } from '@raywire/core/internal';

/** How `auto` walks the ways to a log. */
export interface FallbackStrategy {
  /** Wires, or names of sources, in the order in which they are tried. */
  readonly order: readonly string[];
  /** Whether the next source is taken at once after this failure to open one, or to get a first frame from it. */
  shouldFallback(error: Error): boolean;
}

/**
 * WebSocket first, then HTTP. A 401 or a 429 is the server's last word, whichever route says it; any other failure
 * to connect lets the next source try.
 */
export function webSocketThenHttp(): FallbackStrategy {
  return { order: ['websocket', 'http'], shouldFallback };
}

/** A `FallbackStrategy`. @__NO_SIDE_EFFECTS__ */
export function fallbackOption(): OptionKind<FallbackStrategy, undefined> {
  return kind('a strategy { order, shouldFallback }, such as webSocketThenHttp()', (value) => {
    const { order, shouldFallback } = (value ?? {}) as Partial<FallbackStrategy>;
    return Array.isArray(order) && typeof shouldFallback === 'function';
  });
}

function shouldFallback(error: Error): boolean {
  if (UnsupportedByServerError.isInstance(error)) return true;
  if (HTTPError.isInstance(error)) return error.statusCode !== 401 && error.statusCode !== 429;
  return ClientError.isInstance(error) && FALLBACK_CODES.has(error.code);
}

const FALLBACK_CODES = new Set([
  'CONNECTION_FAILED',
  'CONNECT_TIMEOUT',
  'READ_TIMEOUT',
  'TIMEOUT',
  'HEARTBEAT_TIMEOUT',
  'FRAME_TOO_LARGE',
  'BUFFER_OVERFLOW',
  'UNEXPECTED_CONTENT_TYPE',
  'STREAM_INTERRUPTED',
  'TRANSPORT_UNAVAILABLE',
]);
