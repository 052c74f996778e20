import { connectTimeout } from '../connection/transport-failures.js';
import type { LogRequest, LogTransport } from '../contracts/log-transport.js';
import { ClientConnectionError } from '../errors/client-connection-error.js';
import { ClientError } from '../errors/client-error.js';
import { within } from '../time/within.js';
import { MemoryExchange, type MemoryPeer } from './memory-peer.js';

/** What a server in memory does with one request. It may go on with the peer after it has returned. */
export type MemoryHandler = (request: LogRequest, peer: MemoryPeer) => void | Promise<void>;

/** What `memoryTransport` can be told. */
export interface MemoryTransportOptions {
  /** Default `'memory'`. */
  name?: string | undefined;
  /** What it passes for: `'websocket'`, `'http'`, or one's own. Default: the name. */
  wire?: string | undefined;
  /** So many bytes may wait for the reader before `peer.send` does. Default 64 KiB. */
  maxBufferedBytes?: number | undefined;
}

/**
 * A transport without a network, to a server that is a function: for tests of whatever reads logs.
 *
 * @example
 * ```ts
 * import { memoryTransport } from '@raywire/core/memory';
 *
 * const transport = memoryTransport(async (_request, peer) => {
 *   await peer.send('{"message": "hello"}');
 *   await peer.send('{"type": "complete"}');
 *   peer.close({ code: 1000 });
 * }, { wire: 'websocket' });
 * ```
 */
export function memoryTransport(handler: MemoryHandler, options: MemoryTransportOptions = {}): LogTransport {
  const { name = 'memory', wire = name, maxBufferedBytes = 64 * 1024 } = options;
  const defaultStatus = wire === 'websocket' ? 101 : 200;
  return {
    contractVersion: 1,
    name,
    wire,
    async open(request) {
      const { signal, connectTimeoutMs } = request;
      signal.throwIfAborted();
      const exchange = new MemoryExchange(request, { defaultStatus, maxBufferedBytes });
      void serve(handler, request, exchange);
      try {
        const late = (): Error => connectTimeout(request);
        return await within(exchange.opened, { signal, timeoutMs: connectTimeoutMs, late });
      } catch (error) {
        exchange.giveUp(error);
        throw error;
      }
    },
  };
}

async function serve(handler: MemoryHandler, request: LogRequest, exchange: MemoryExchange): Promise<void> {
  try {
    await handler(request, exchange);
  } catch (cause) {
    // Once the reader has left, `send` fails, and that is how most handlers end: there is nobody to tell.
    exchange.fail(
      ClientError.isInstance(cause)
        ? cause
        : new ClientConnectionError({ message: 'The handler of the memory transport failed.', cause }),
    );
  }
}
