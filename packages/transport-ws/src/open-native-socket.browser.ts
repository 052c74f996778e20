import { ClientError, type LogConnection, type LogRequest, QueuedConnection } from '@raywire/core';
import {
  connectFailure,
  connectionLost,
  connectTimeout,
  unusableRequest,
  within,
} from '@raywire/core/internal';

/** Opens the browser's own WebSocket; settles as `LogTransport.open` says, without the status of a refusal. */
export async function openNativeSocket(request: LogRequest, bufferBytes: number): Promise<LogConnection> {
  const { url, signal, connectTimeoutMs } = request;
  signal.throwIfAborted();
  let socket: WebSocket;
  try {
    // Older browsers do not take `http:` here.
    socket = new WebSocket(url.replace(/^http/i, 'ws'));
  } catch {
    throw unusableRequest();
  }
  socket.binaryType = 'arraybuffer';
  const opening = new Promise<LogConnection>((resolve, reject) => {
    // A browser does not reveal whether the server refused or is down.
    socket.onclose = () => reject(connectFailure(url));
    socket.onopen = () => resolve(nativeConnection(socket, request, bufferBytes));
  });
  try {
    const late = (): Error => connectTimeout(request);
    return await within(opening, { signal, timeoutMs: connectTimeoutMs, late });
  } catch (error) {
    socket.close();
    throw error;
  }
}

function nativeConnection(socket: WebSocket, request: LogRequest, bufferBytes: number): LogConnection {
  const { url, signal, maxFrameBytes } = request;
  const connection: QueuedConnection = new QueuedConnection({
    status: 101,
    signal,
    bufferBytes,
    maxFrameBytes,
    // There is no pause: what has come is delivered, the rest is for another connection.
    pause: () => connection.break(bufferOverflow(bufferBytes)),
    resume: () => undefined,
    terminate: () => socket.close(),
    released: () => {
      socket.onmessage = null;
    },
  });
  socket.onmessage = ({ data }: MessageEvent<string | ArrayBuffer>) =>
    connection.push(typeof data === 'string' ? data : new Uint8Array(data));
  socket.onclose = ({ code, reason }) => {
    const clean = code !== 1006;
    connection.end({ clean, code, reason }, clean ? undefined : connectionLost(url));
  };
  return connection;
}

function bufferOverflow(bufferBytes: number): ClientError {
  return new ClientError({
    code: 'BUFFER_OVERFLOW',
    statusCode: 503,
    message: `More than ${bufferBytes} bytes waited for the reader, and a browser's WebSocket cannot be paused.`,
  });
}
