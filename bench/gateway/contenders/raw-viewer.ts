import { connect } from 'node:net';
import { TOKEN } from '../start-gateway.ts';
import { FrameCounter, type Wire } from './frame-counter.ts';

/** All viewers of a process read into one buffer: what they get is only looked at. */
const shared = Buffer.allocUnsafeSlow(256 * 1024);
const KEY = Buffer.alloc(16).toString('base64');
const UPGRADE = `Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${KEY}`;

/** A viewer of a log that is as cheap as it can be: a bare socket that counts by the lengths of frames. */
export class RawViewer {
  readonly counter: FrameCounter;
  readonly seesFirstLine: Promise<void>;
  /** Rejects when the connection ends before the log. */
  readonly seesEnd: Promise<void>;

  /** @param onLines called whenever lines came after the first ones */
  constructor(baseURL: string, jobId: string, wire: Wire, onLines?: () => void) {
    const counter = new FrameCounter(wire);
    this.counter = counter;
    const firstLine = Promise.withResolvers<void>();
    const end = Promise.withResolvers<void>();
    this.seesFirstLine = firstLine.promise;
    this.seesEnd = end.promise;
    let head: Buffer | undefined = Buffer.alloc(0);
    const read = (chunk: Buffer): void => {
      let body = chunk;
      if (head !== undefined) {
        head = Buffer.concat([head, chunk]);
        const headEnd = head.indexOf('\r\n\r\n');
        if (headEnd < 0) return;
        if (!/^HTTP\/1.1 (101|200) /.test(head.toString('latin1'))) throw new Error(head.toString());
        body = head.subarray(headEnd + 4);
        head = undefined;
      }
      const before = counter.batches;
      counter.push(body);
      if (before === 0 && counter.batches > 0) firstLine.resolve();
      else if (counter.batches > before) onLines?.();
      if (!counter.isComplete) return;
      end.resolve();
      socket.destroy();
    };
    const { hostname, port, host } = new URL(baseURL);
    const callback = (length: number, buffer: Uint8Array): boolean => {
      read((buffer as Buffer).subarray(0, length));
      return true;
    };
    const socket = connect({ host: hostname, port: Number(port), onread: { buffer: shared, callback } });
    socket.on('error', end.reject);
    socket.on('close', () => end.reject(new Error(`Closed after ${counter.batches} batches`)));
    const path = wire === 'websocket' ? 'logs/?bytes=1' : 'logs/stream/?batch=1';
    socket.write(
      [
        `GET /jobs/${jobId}/${path} HTTP/1.1`,
        `Host: ${host}`,
        `Authorization: ${TOKEN}`,
        wire === 'websocket' ? UPGRADE : 'Accept: */*',
        '\r\n',
      ].join('\r\n'),
    );
  }
}
