import { type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { ServerOptions } from 'node:https';
import { type Duplex, pipeline } from 'node:stream';
import { startHttpServer } from '@raywire/testing';

/** What stands in front of many a dashboard: a prefix of its own, and perhaps TLS. */
export class ReverseProxy {
  /** With the prefix. */
  readonly url: string;
  /** The paths that were asked for, as the dashboard sees them. */
  readonly paths: string[];
  readonly close: () => Promise<void>;

  private constructor(url: string, paths: string[], close: () => Promise<void>) {
    this.url = url;
    this.paths = paths;
    this.close = close;
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
    const onRequest = (incoming: IncomingMessage, response: ServerResponse) => {
      const onward = inner(incoming);
      if (onward === undefined) return response.writeHead(404).end('not behind this proxy');
      onward.on('response', (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.rawHeaders);
        pipeline(answer, response, () => undefined);
      });
      onward.on('error', () => response.destroy());
      return pipeline(incoming, onward, () => undefined);
    };
    const onUpgrade = (incoming: IncomingMessage, socket: Duplex, head: Buffer) => {
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
    };
    const { url, close } = await startHttpServer(onRequest, { tls, onUpgrade });
    return new ReverseProxy(`${url}${prefix}`, paths, close);
  }
}
