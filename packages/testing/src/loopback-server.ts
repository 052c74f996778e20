import { once } from 'node:events';
import { createServer as createHttpServer, type IncomingMessage, type RequestListener } from 'node:http';
import { createServer as createHttpsServer, type ServerOptions as TlsServerOptions } from 'node:https';
import {
  type AddressInfo,
  createServer as createTcpServer,
  type Server,
  type ServerOpts,
  type Socket,
} from 'node:net';

/** A real server on a free port of 127.0.0.1. */
export interface LoopbackServer extends AsyncDisposable {
  port: number;
  /** `http:` or `https:`, without a trailing slash. */
  url: string;
  /** For its events. */
  server: Server;
  /** Resolves when all sockets of clients are gone. */
  idle(): Promise<void>;
  /** Stops listening and destroys all connections. A second call does nothing. */
  close(): Promise<void>;
}

/** What an HTTP server does besides answering requests. */
export interface HttpServerOptions {
  /** Serves HTTPS. */
  tls?: TlsServerOptions | undefined;
  /** Default: an upgrade is answered as a request. */
  onUpgrade?(request: IncomingMessage, socket: Socket, head: Buffer): void;
}

/** Starts an HTTP server. */
export function startHttpServer(
  onRequest: RequestListener,
  { tls, onUpgrade }: HttpServerOptions = {},
): Promise<LoopbackServer> {
  const server = tls === undefined ? createHttpServer(onRequest) : createHttpsServer(tls, onRequest);
  if (onUpgrade !== undefined) server.on('upgrade', onUpgrade);
  return listen(server, tls === undefined ? 'http' : 'https');
}

/** Starts a TCP server. */
export function startTcpServer(
  onConnection: (socket: Socket) => void = () => undefined,
  options: ServerOpts = {},
): Promise<LoopbackServer> {
  return listen(createTcpServer(options, onConnection), 'http');
}

async function listen(server: Server, scheme: string): Promise<LoopbackServer> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    // A test that resets a connection sees the error on its own side; here `close` follows.
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const close = async (): Promise<void> => {
    const closed = server.listening ? once(server, 'close') : undefined;
    server.close();
    for (const socket of sockets) socket.destroy();
    await closed;
  };
  return {
    port,
    url: `${scheme}://127.0.0.1:${port}`,
    server,
    async idle() {
      while (sockets.size > 0) await new Promise((resolve) => [...sockets][0]?.once('close', resolve));
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}
