import type { LogConnection, LogFrame, LogRequest, LogTransport } from '@raywire/core';
import type { TransportCapabilities } from './transport-capabilities.js';
import type { TransportPeer, TransportServer } from './transport-server.js';

/** One promise of the contract, and how it is tried. */
export interface ContractCase {
  /** A sentence about behaviour. */
  name: string;
  /** Without these it is not tried. */
  needs?: readonly (keyof TransportCapabilities)[];
  /** @throws when the promise is broken */
  run(bench: TransportBench): Promise<void>;
}

/** A transport and its scripted server, fresh for each case. */
export interface TransportBench {
  transport: LogTransport;
  server: TransportServer;
  capabilities: TransportCapabilities;
  /** Opens the server's URL, with what is given in place of the defaults. */
  open(changes?: Partial<LogRequest>): Promise<LogConnection>;
  /** Opens, and has the server accept. */
  connect(changes?: Partial<LogRequest>): Promise<{ connection: LogConnection; peer: TransportPeer }>;
}

/** The bench of one case. */
export function transportBench(
  transport: LogTransport,
  server: TransportServer,
  capabilities: TransportCapabilities,
): TransportBench {
  const open = (changes: Partial<LogRequest> = {}): Promise<LogConnection> =>
    transport.open({
      url: server.url,
      headers: {},
      signal: new AbortController().signal,
      connectTimeoutMs: 5_000,
      ...changes,
    });
  return {
    transport,
    server,
    capabilities,
    open,
    async connect(changes) {
      const opening = open(changes);
      const accepting = server.next().then(async (peer) => {
        await peer.accept();
        return peer;
      });
      const [connection, peer] = await Promise.all([opening, accepting]);
      return { connection, peer };
    },
  };
}

/** Everything that comes until the end, and the error that ended it, if one did. */
export async function drain(
  connection: AsyncIterable<LogFrame>,
): Promise<{ frames: LogFrame[]; error: unknown }> {
  const frames: LogFrame[] = [];
  try {
    for await (const frame of connection) frames.push(frame);
  } catch (error) {
    return { frames, error };
  }
  return { frames, error: undefined };
}

/** What a promise is rejected with; an error of its own when it is not. */
export function rejectionOf(promise: Promise<unknown>): Promise<unknown> {
  const rejection = promise.then(
    () => {
      throw new Error('It was expected to be rejected, and was not.');
    },
    (error: unknown) => error,
  );
  // A case may fail before it comes to await this: then that failure is the one to be told.
  rejection.catch(() => undefined);
  return rejection;
}

/** The frames' bytes in one row: what a wire without message borders promises. */
export function bytesOf(frames: readonly LogFrame[]): Uint8Array {
  return new Uint8Array(Buffer.concat(frames.map((frame) => Buffer.from(frame))));
}
