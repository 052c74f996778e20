import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** What the proxy does to one request for the log of a job, and to its answer. */
export type Treatment =
  /** Ends the connection after so many bytes of the answer; `silence` leaves the sockets open. */
  | { cutAfter: number; how: 'reset' | 'end' | 'silence' }
  /** Passes neither the request nor an answer. */
  | 'mute'
  /** Takes the upgrade out of the request, as proxies do that know no WebSocket. */
  | 'no upgrade';

const LOG_REQUEST = /^GET \/jobs\/([^/]+)\/logs\/(stream\/)?(?:\?\S*)? HTTP\/1\.1\r\n/;
const UPGRADE = /\r\nupgrade: websocket\r\n/i;
const UPGRADE_HEADERS = /\r\n(?:upgrade|connection|sec-websocket-[a-z]+):[^\r]*/gi;

/** A TCP proxy on loopback that knows a request for a tailed log when it sees one. */
export class CuttingProxy {
  readonly url: string;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #plans = new Map<string, Treatment[]>();
  readonly #sent = new Map<string, number>();

  private constructor(server: Server) {
    this.#server = server;
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  static async to(target: string): Promise<CuttingProxy> {
    const port = Number(new URL(target).port);
    const server = createServer({ noDelay: true }, (client) => proxy.#serve(client, port));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const proxy = new CuttingProxy(server);
    return proxy;
  }

  /** The n-th request for the log of this job gets the n-th treatment; those after the last pass untouched. */
  plan(jobId: string, treatments: readonly Treatment[]): void {
    this.#plans.set(jobId, [...treatments]);
  }

  /** How many bytes of the log of this job were taken from the gateway. */
  sent(jobId: string): number {
    return this.#sent.get(jobId) ?? 0;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #serve(client: Socket, port: number): void {
    const gateway = connect({ port, host: '127.0.0.1', noDelay: true });
    for (const socket of [client, gateway]) {
      this.#sockets.add(socket);
      // A reset shows as an error first; what counts is the close after it.
      socket.on('error', () => undefined);
      socket.on('close', () => {
        this.#sockets.delete(socket);
        client.destroy();
        gateway.destroy();
      });
    }
    let jobId: string | undefined;
    let treatment: Treatment | undefined;
    let passed = 0;
    client.on('data', (chunk) => {
      // None of these requests has a body, and clients write a head at once: a chunk that begins so is a head.
      const asked = requestedLog(chunk);
      if (asked !== undefined) {
        jobId = asked;
        treatment = this.#plans.get(asked)?.shift();
        passed = 0;
      }
      if (treatment === 'mute') return;
      gateway.write(asked !== undefined && treatment === 'no upgrade' ? withoutUpgrade(chunk) : chunk);
    });
    client.on('end', () => gateway.end());
    gateway.on('end', () => client.end());
    gateway.on('data', (chunk) => {
      passed += chunk.length;
      if (jobId !== undefined) this.#sent.set(jobId, this.sent(jobId) + chunk.length);
      if (typeof treatment === 'object' && passed > treatment.cutAfter) {
        const { how, cutAfter } = treatment;
        gateway.pause();
        // What came before the cut does arrive.
        client.write(chunk.subarray(0, Math.max(0, chunk.length - (passed - cutAfter))), () => {
          if (how === 'silence') return;
          if (how === 'end') client.end();
          else client.resetAndDestroy();
          gateway.destroy();
        });
        return;
      }
      if (client.write(chunk)) return;
      gateway.pause();
      client.once('drain', () => gateway.resume());
    });
  }
}

/** The job whose log is to be tailed; a plain `GET` of the whole log is none. */
function requestedLog(chunk: Buffer): string | undefined {
  const head = chunk.toString('latin1', 0, 2_048);
  const [, jobId, stream] = LOG_REQUEST.exec(head) ?? [];
  return stream !== undefined || UPGRADE.test(head) ? jobId : undefined;
}

function withoutUpgrade(chunk: Buffer): Buffer {
  const head = chunk.toString('latin1').replace(UPGRADE_HEADERS, '');
  return Buffer.from(head.replace('\r\n\r\n', '\r\nconnection: close\r\n\r\n'), 'latin1');
}
