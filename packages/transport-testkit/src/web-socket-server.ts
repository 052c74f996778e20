import { createHash } from 'node:crypto';
import { rawServer } from './raw-server.js';
import type { TransportServer } from './transport-server.js';

const TEXT = 0x1;
const BINARY = 0x2;
const CLOSE = 0x8;
const PING = 0x9;
const PONG = 0xa;
/** RFC 6455, section 1.3. */
const HANDSHAKE_GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

/** A scripted WebSocket server on 127.0.0.1. */
export function webSocketServer(): Promise<TransportServer> {
  return rawServer({
    scheme: 'ws',
    acceptance: (headers) => {
      const accept = createHash('sha1')
        .update(`${headers['sec-websocket-key']}${HANDSHAKE_GUID}`)
        .digest('base64');
      return (
        'HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: Upgrade\r\n' +
        `sec-websocket-accept: ${accept}\r\n`
      );
    },
    encode: (frame) => message(typeof frame === 'string' ? TEXT : BINARY, Buffer.from(frame)),
    encodeHalf: () => message(TEXT, Buffer.alloc(100, 'half')).subarray(0, 50),
    encodeEnd: (close) => {
      if (close === undefined) return message(CLOSE, Buffer.alloc(0));
      const code = Buffer.alloc(2);
      code.writeUInt16BE(close.code);
      return message(CLOSE, Buffer.concat([code, Buffer.from(close.reason)]));
    },
    endsConnection: true,
    reader: (peer) => {
      let buffered = Buffer.alloc(0);
      return (bytes) => {
        buffered = Buffer.concat([buffered, bytes]);
        for (;;) {
          const frame = clientFrame(buffered);
          if (frame === undefined) return;
          buffered = buffered.subarray(frame.size);
          if (frame.opcode === CLOSE) peer.end(message(CLOSE, frame.content));
          if (frame.opcode !== PING) continue;
          peer.ping();
          if (peer.answerPings()) peer.write(message(PONG, frame.content));
        }
      };
    },
  });
}

function message(opcode: number, content: Buffer): Buffer {
  const { length } = content;
  let head: Buffer;
  if (length < 126) {
    head = Buffer.from([0x80 | opcode, length]);
  } else if (length < 65_536) {
    head = Buffer.from([0x80 | opcode, 126, 0, 0]);
    head.writeUInt16BE(length, 2);
  } else {
    head = Buffer.from([0x80 | opcode, 127, 0, 0, 0, 0, 0, 0, 0, 0]);
    head.writeBigUInt64BE(BigInt(length), 2);
  }
  return Buffer.concat([head, content]);
}

/** A client sends us control frames only: short, and masked. */
function clientFrame(bytes: Buffer): { opcode: number; content: Buffer; size: number } | undefined {
  const [first, second] = bytes;
  if (first === undefined || second === undefined) return undefined;
  const length = second & 0x7f;
  const size = 6 + length;
  if (bytes.length < size) return undefined;
  const content = Buffer.alloc(length);
  for (let index = 0; index < length; index += 1) {
    content[index] = (bytes[6 + index] ?? 0) ^ (bytes[2 + (index % 4)] ?? 0);
  }
  return { opcode: first & 0x0f, content, size };
}
