import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type Server } from 'node:http';
import { createServer as createSecureServer, type ServerOptions } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { pipeline } from 'node:stream';

/** What stands in front of many a dashboard: a prefix of its own, and perhaps TLS. */
export class ReverseProxy {
  /** With the prefix. */
  readonly url: string;
  /** The paths that were asked for, as the dashboard sees them. */
  readonly paths: string[] = [];
  readonly #server: Server;
  readonly #sockets = new Set<Duplex>();

  private constructor(server: Server, url: string, paths: string[]) {
    this.#server = server;
    this.url = url;
    this.paths = paths;
    server.on('connection', (socket) => this.#sockets.add(socket));
  }

  static async to(target: string, prefix: string, tls?: ServerOptions): Promise<ReverseProxy> {
    const paths: string[] = [];
    const inner = (incoming: IncomingMessage) => {
      const { url = '', method, headers } = incoming;
      const path = url.startsWith(`${prefix}/`) ? url.slice(prefix.length) : undefined;
      if (path === undefined) return undefined;
      paths.push(path);
      return request(`${target}${path}`, { method, headers });
    };
    const server = tls === undefined ? createServer() : createSecureServer(tls);
    server.on('request', (incoming: IncomingMessage, response) => {
      const onward = inner(incoming);
      if (onward === undefined) return response.writeHead(404).end('not behind this proxy');
      onward.on('response', (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.rawHeaders);
        pipeline(answer, response, () => undefined);
      });
      onward.on('error', () => response.destroy());
      return pipeline(incoming, onward, () => undefined);
    });
    server.on('upgrade', (incoming: IncomingMessage, socket: Duplex, head: Buffer) => {
      const onward = inner(incoming);
      socket.on('error', () => onward?.destroy());
      if (onward === undefined) return socket.destroy();
      onward.on('error', () => socket.destroy());
      onward.on('response', () => socket.destroy());
      onward.on('upgrade', (answer, upstream, first) => {
        const lines = [`HTTP/1.1 ${answer.statusCode} ${answer.statusMessage}`];
        for (const [name, value] of Object.entries(answer.headers)) lines.push(`${name}: ${value}`);
        socket.write(`${lines.join('\r\n')}\r\n\r\n`);
        socket.write(first);
        upstream.write(head);
        pipeline(socket, upstream, socket, () => undefined);
      });
      return onward.end();
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    return new ReverseProxy(
      server,
      `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}${prefix}`,
      paths,
    );
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }
}
