import { connect, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { type LoopbackServer, startTcpServer } from '@raywire/testing';

/** A way to a server that can be cut, and that counts who takes it. */
export class TcpProxy {
  /** Connections so far. */
  connections = 0;
  /** How many of them were cut at `cutAfterBytes`. */
  cuts = 0;
  /**
   * After so many bytes from the server, a connection is cut in the middle of what comes; `undefined`: never. Each cut
   * doubles it, so that a reader who must begin anew gets through at last.
   */
  cutAfterBytes: number | undefined;
  /** So long each piece from the server is held back, in milliseconds. */
  delayMs = 0;
  readonly url: string;
  readonly #server: LoopbackServer;
  readonly #sockets = new Set<Socket>();

  private constructor(server: LoopbackServer) {
    this.#server = server;
    this.url = server.url;
  }

  static async to(target: string): Promise<TcpProxy> {
    const { hostname, port } = new URL(target);
    const serve = (client: Socket) => proxy.#serve(client, connect(Number(port), hostname));
    const proxy = new TcpProxy(await startTcpServer(serve, { allowHalfOpen: true }));
    return proxy;
  }

  /** Resets every connection of now. */
  cut(): void {
    for (const socket of this.#sockets) socket.resetAndDestroy();
  }

  /** Takes no connection any more, and resets those of now. */
  refuse(): void {
    void this.close();
  }

  close(): Promise<void> {
    this.cut();
    return this.#server.close();
  }

  #serve(client: Socket, server: Socket): void {
    this.connections++;
    let bytes = 0;
    // What came before an end, or before a cut, does arrive.
    let written: Promise<unknown> = Promise.resolve();
    const reset = (): void => {
      client.resetAndDestroy();
      server.resetAndDestroy();
    };
    for (const socket of [client, server]) {
      this.#sockets.add(socket);
      socket.setNoDelay(true);
      socket.on('error', reset);
      socket.on('close', () => this.#sockets.delete(socket));
    }
    client.on('data', (chunk) => {
      if (!server.write(chunk)) client.pause();
    });
    server.on('drain', () => client.resume());
    client.on('close', () => server.destroy());
    server.on('data', (chunk) => {
      bytes += chunk.length;
      const isCut = this.cutAfterBytes !== undefined && bytes > this.cutAfterBytes;
      if (isCut) {
        this.cuts++;
        this.cutAfterBytes = (this.cutAfterBytes ?? 0) * 2;
      }
      server.pause();
      written = written
        .then(() => (this.delayMs > 0 ? delay(this.delayMs) : undefined))
        .then(() => {
          if (client.destroyed) return;
          client.write(isCut ? chunk.subarray(0, Math.floor(chunk.length / 2)) : chunk, () =>
            isCut ? reset() : server.resume(),
          );
        });
    });
    server.on('end', () => written.then(() => client.end()));
    server.on('close', () => written.then(() => client.end()));
  }
}
