import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/** Connections past the limit that are still told so; further ones are closed without a word. */
const ANSWERED_BEYOND = 64;

/** Counts the connections of a server. Old ones live on; a request on one past the limit is to be refused. */
export class ConnectionLimit {
  readonly #beyond = new WeakSet<Socket>();
  #open = 0;

  constructor(server: Server, maxConnections: number) {
    server.maxConnections = maxConnections + ANSWERED_BEYOND;
    server.on('connection', (socket: Socket) => {
      if (this.#open >= maxConnections) {
        this.#beyond.add(socket);
        return;
      }
      this.#open += 1;
      socket.once('close', () => {
        this.#open -= 1;
      });
    });
  }

  exceededBy(socket: Socket): boolean {
    return this.#beyond.has(socket);
  }
}
