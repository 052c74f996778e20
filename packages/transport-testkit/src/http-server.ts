import { rawServer } from './raw-server.js';
import type { TransportServer } from './transport-server.js';

/** A scripted HTTP/1.1 server on 127.0.0.1: chunked bodies, a frame a chunk. */
export function httpServer(): Promise<TransportServer> {
  return rawServer({
    scheme: 'http',
    acceptance: () => 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n',
    encode: (frame) => {
      const content = Buffer.from(frame);
      // A chunk of no bytes would be the end of the body.
      if (content.length === 0) return content;
      return Buffer.concat([Buffer.from(`${content.length.toString(16)}\r\n`), content, Buffer.from('\r\n')]);
    },
    encodeHalf: () => Buffer.from('64\r\nhalf'),
    encodeEnd: () => Buffer.from('0\r\n\r\n'),
    endsConnection: false,
  });
}
