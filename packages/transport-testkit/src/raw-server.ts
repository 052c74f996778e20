import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import type {
  PeerAcceptance,
  PeerBreak,
  PeerClose,
  PeerRefusal,
  TransportPeer,
  TransportServer,
} from './transport-server.js';

/** How a wire over TCP looks, byte by byte: a library would not let us break it. */
export interface RawWire {
  scheme: string;
  /** The head of the acceptance, without its last empty line. */
  acceptance(requestHeaders: Record<string, string>): string;
  encode(frame: string | Uint8Array): Uint8Array;
  /** The beginning of a frame whose rest never comes. */
  encodeHalf(): Uint8Array;
  encodeEnd(close: PeerClose | undefined): Uint8Array;
  /** Whether TCP ends with the log. */
  endsConnection: boolean;
  /** Reads what the client sends after its request. */
  reader?(client: RawClient): (bytes: Buffer) => void;
}

/** What the reader of a wire may do with its client. */
export interface RawClient {
  write(bytes: Uint8Array): void;
  /** Says the last word, and ends TCP. */
  end(bytes: Uint8Array): void;
  /** A probe has come. */
  ping(): void;
  answerPings(): boolean;
}

/** A server of that wire on a free port of 127.0.0.1. */
export async function rawServer(wire: RawWire): Promise<TransportServer> {
  const sockets = new Set<Socket>();
  const arrived: TransportPeer[] = [];
  const expected: ((peer: TransportPeer) => void)[] = [];
  let connections = 0;
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    // A reset by the client is one of the ways for it to be gone; `close` follows.
    socket.on('error', () => undefined);
    socket.setNoDelay(true);
    serve(socket);
  });
  function serve(socket: Socket): void {
    // A connection that outlives its log (keep-alive) carries the next one.
    const peer = new RawPeer(socket, wire, { ready, ended: () => serve(socket) });
    function ready(): void {
      connections += 1;
      const waiting = expected.shift();
      if (waiting === undefined) arrived.push(peer);
      else waiting(peer);
    }
  }
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port.');
  return {
    url: `${wire.scheme}://127.0.0.1:${address.port}/log?ticket=kit`,
    get connections() {
      return connections;
    },
    breaks: ['fin', 'half-written', 'reset'],
    next: () => {
      const peer = arrived.shift();
      return peer === undefined ? new Promise((resolve) => expected.push(resolve)) : Promise.resolve(peer);
    },
    close: async () => {
      if (!server.listening) return;
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

class RawPeer implements TransportPeer {
  headers: Record<string, string> = {};
  bytesAccepted = 0;
  readonly gone: Promise<void>;
  readonly #socket: Socket;
  readonly #wire: RawWire;
  #answerPings = true;
  #pings = 0;
  readonly #pingWaiters: { count: number; resolve: () => void }[] = [];

  readonly #ended: () => void;

  constructor(socket: Socket, wire: RawWire, on: { ready: () => void; ended: () => void }) {
    this.#socket = socket;
    this.#wire = wire;
    this.gone = new Promise((resolve) => socket.once('close', () => resolve()));
    let head = Buffer.alloc(0);
    let read: ((bytes: Buffer) => void) | undefined;
    const onData = (bytes: Buffer): void => {
      if (read !== undefined) {
        read(bytes);
        return;
      }
      head = Buffer.concat([head, bytes]);
      const end = head.indexOf('\r\n\r\n');
      if (end < 0) return;
      this.headers = parseHeaders(head.toString('latin1', 0, end));
      read =
        wire.reader?.({
          write: (answer) => socket.write(answer),
          end: (answer) => socket.end(answer),
          answerPings: () => this.#answerPings,
          ping: () => this.#countPing(),
        }) ?? (() => undefined);
      read(head.subarray(end + 4));
      on.ready();
    };
    socket.on('data', onData);
    this.#ended = () => {
      socket.off('data', onData);
      on.ended();
    };
  }

  async accept(acceptance: PeerAcceptance = {}): Promise<void> {
    this.#answerPings = acceptance.answerPings ?? true;
    await this.#write(`${this.#wire.acceptance(this.headers)}${headerLines(acceptance.headers)}\r\n`);
  }

  async refuse({ status, headers, body = '' }: PeerRefusal): Promise<void> {
    const length = Buffer.byteLength(body);
    const head = `HTTP/1.1 ${status} Refused\r\nconnection: close\r\ncontent-length: ${length}\r\n`;
    this.#socket.end(`${head}${headerLines(headers)}\r\n${body}`);
    await this.gone;
  }

  async send(frame: string | Uint8Array): Promise<void> {
    await this.#write(this.#wire.encode(frame));
    this.bytesAccepted += Buffer.byteLength(frame);
  }

  sendRaw(bytes: Uint8Array): Promise<void> {
    return this.#write(bytes);
  }

  async end(close?: PeerClose): Promise<void> {
    const written = this.#write(this.#wire.encodeEnd(close));
    if (this.#wire.endsConnection) this.#socket.end();
    else this.#ended();
    await written;
  }

  async break(how: PeerBreak): Promise<void> {
    if (how === 'reset') {
      this.#socket.resetAndDestroy();
      return;
    }
    if (how === 'half-written') await this.#write(this.#wire.encodeHalf());
    this.#socket.end();
  }

  pings(count: number): Promise<void> {
    if (this.#pings >= count) return Promise.resolve();
    return new Promise((resolve) => this.#pingWaiters.push({ count, resolve }));
  }

  #countPing(): void {
    this.#pings += 1;
    for (const waiter of this.#pingWaiters) if (waiter.count <= this.#pings) waiter.resolve();
  }

  #write(bytes: string | Uint8Array): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#socket.write(bytes, (error) => (error ? reject(error) : resolve()));
    });
  }
}

function parseHeaders(head: string): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const line of head.split('\r\n').slice(1)) {
    const colon = line.indexOf(':');
    headers[line.slice(0, colon).toLowerCase()] = line.slice(colon + 1).trim();
  }
  return headers;
}

function headerLines(headers: Record<string, string> = {}): string {
  return Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('');
}
