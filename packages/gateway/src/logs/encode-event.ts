/** How a reader wants its events; readers with the same wish share the encoded bytes. */
export interface EventFormat {
  /** What is around the bytes of an event: the frame of a WebSocket, a chunk of HTTP/1.1, or nothing (HTTP/1.0). */
  framing: 'websocket' | 'chunk' | 'none';
  /** Many lines a message (`?batch=1`). */
  batch: boolean;
  /** SSE `id:` lines; Python's client would take them for log text. */
  ids: boolean;
}

const FINAL_TEXT = 0x81;
const CHUNK_END = '\r\n';

/** One event as it goes over the socket. Events without an `offset` move no cursor, so they have no `id:`. */
export function encodeEvent(
  event: { type: string; offset?: number; [field: string]: unknown },
  format: EventFormat,
): Buffer {
  if (format.framing === 'websocket') return webSocketFrame(JSON.stringify(event));
  return encodeSseText(sseText(event, format), format);
}

/** One event of a stream, without its framing. */
export function sseText(
  event: { type: string; offset?: number; [field: string]: unknown },
  format: EventFormat,
): string {
  const json = JSON.stringify(event);
  // Python's `iter_lines` also cuts at these three, which JSON leaves as they are.
  if (!format.ids) return `data: ${json.replace(/[\u0085\u2028\u2029]/g, escapeUnit)}\n\n`;
  const id = event.offset !== undefined ? `id: ${event.offset}\n` : '';
  return `${id}data: ${json}\n\n`;
}

/** Any text of a stream, in the framing of the answer. */
export function encodeSseText(text: string, format: EventFormat): Buffer {
  if (format.framing === 'none') return Buffer.from(text);
  return Buffer.from(`${Buffer.byteLength(text).toString(16)}${CHUNK_END}${text}${CHUNK_END}`);
}

/** As servers send it: one unmasked text frame. */
function webSocketFrame(text: string): Buffer {
  const length = Buffer.byteLength(text);
  const headerLength = length > 0xffff ? 10 : length > 125 ? 4 : 2;
  const frame = Buffer.allocUnsafe(headerLength + length);
  frame[0] = FINAL_TEXT;
  frame[1] = headerLength === 10 ? 127 : headerLength === 4 ? 126 : length;
  if (headerLength === 4) frame.writeUInt16BE(length, 2);
  if (headerLength === 10) frame.writeBigUInt64BE(BigInt(length), 2);
  frame.write(text, headerLength);
  return frame;
}

function escapeUnit(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
