import type { LogRequest } from '@raywire/core';
import { type MemoryPeer, memoryTransport } from '@raywire/core/memory';
import { type DescribedTransport, describeTransport } from './describe-transport.js';
import type { PeerAcceptance, PeerClose, PeerRefusal, TransportPeer } from './transport-server.js';

describeTransport({
  name: 'memoryTransport keeps the contract',
  setup: memorySetup,
  capabilities: { pings: false },
});

/** Also what a server of one's own wire may look like. */
function memorySetup(): DescribedTransport {
  const arrived: TransportPeer[] = [];
  const expected: ((peer: TransportPeer) => void)[] = [];
  let connections = 0;
  let listening = true;
  const transport = memoryTransport((request, peer) => {
    if (!listening) {
      peer.fail();
      return;
    }
    connections += 1;
    const told = new ToldPeer(request, peer);
    const waiting = expected.shift();
    if (waiting === undefined) arrived.push(told);
    else waiting(told);
  });
  return {
    transport,
    server: {
      url: 'memory://server/log?ticket=kit',
      get connections() {
        return connections;
      },
      breaks: ['fin'],
      next: () => {
        const peer = arrived.shift();
        return peer === undefined ? new Promise((resolve) => expected.push(resolve)) : Promise.resolve(peer);
      },
      close: async () => {
        listening = false;
      },
    },
  };
}

class ToldPeer implements TransportPeer {
  readonly headers: Record<string, string>;
  readonly gone: Promise<void>;
  bytesAccepted = 0;
  readonly #peer: MemoryPeer;

  constructor(request: LogRequest, peer: MemoryPeer) {
    this.headers = request.headers;
    this.gone = peer.closed;
    this.#peer = peer;
  }

  async accept({ headers = {} }: PeerAcceptance = {}): Promise<void> {
    this.#peer.accept({ headers });
  }

  async refuse(refusal: PeerRefusal): Promise<void> {
    this.#peer.refuse(refusal);
    await this.gone;
  }

  async send(frame: string | Uint8Array): Promise<void> {
    await this.#peer.send(frame);
    this.bytesAccepted += Buffer.byteLength(frame);
  }

  async end(close?: PeerClose): Promise<void> {
    this.#peer.close(close);
  }

  async break(): Promise<void> {
    this.#peer.fail();
  }
}
