import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

/** A way to a server that can be cut, and that counts who takes it. */
export class TcpProxy {
  /** Connections so far. */
  connections = 0;
  /** After so many bytes from the server, a connection is cut; `undefined`: never. */
  cutAfterBytes: number | undefined;
  /** So long each piece from the server is held back, in milliseconds. */
  delayMs = 0;
  readonly url: string;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(server: Server, port: number) {
    this.#server = server;
    this.url = `http://127.0.0.1:${port}`;
  }

  static async to(target: string): Promise<TcpProxy> {
    const { hostname, port } = new URL(target);
    const server = createServer((client) => proxy.#serve(client, connect(Number(port), hostname)));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const proxy = new TcpProxy(server, address !== null && typeof address === 'object' ? address.port : 0);
    return proxy;
  }

  /** Resets every connection of now. */
  cut(): void {
    for (const socket of this.#sockets) socket.resetAndDestroy();
  }

  async close(): Promise<void> {
    this.cut();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #serve(client: Socket, server: Socket): void {
    this.connections++;
    let bytes = 0;
    const end = (): void => {
      client.resetAndDestroy();
      server.resetAndDestroy();
    };
    for (const socket of [client, server]) {
      this.#sockets.add(socket);
      socket.setNoDelay(true);
      socket.on('error', end);
      socket.on('close', () => {
        this.#sockets.delete(socket);
        end();
      });
    }
    client.pipe(server);
    server.on('data', (chunk) => {
      bytes += chunk.length;
      if (this.cutAfterBytes !== undefined && bytes > this.cutAfterBytes) {
        // What came before the cut does arrive.
        client.write(chunk.subarray(0, Math.floor(chunk.length / 2)), end);
        return;
      }
      server.pause();
      setTimeout(() => client.write(chunk, () => server.resume()), this.delayMs);
    });
    server.on('end', () => setTimeout(() => client.end(), this.delayMs));
  }
}
