import type { IncomingMessage } from 'node:http';
import type { SecureContext } from 'node:tls';
import {
  type HTTPError,
  httpErrorFromResponse,
  type LogConnection,
  type LogRequest,
  ServerError,
} from '@raywire/core';
import {
  connectFailure,
  connectTimeout,
  DEFAULT_MAX_FRAME_BYTES,
  Deadline,
  originOf,
  plainHeaders,
  readBriefText,
  type SecureSocketOptions,
  unusableRequest,
  within,
} from '@raywire/core/internal';
import type WebSocket from 'isomorphic-ws';
import { loadWebSocket } from './load-web-socket.node.js';
import { socketConnection, socketOf } from './socket-connection.node.js';

/** How long a peer may take to end TCP after the close frames: what it said stands already. */
const CLOSE_TIMEOUT_MS = 1_000;
const KEEP_ALIVE_DELAY_MS = 30_000;
/** `ws` sends none by itself, and Ray 2.40 answers 500 to who does not say what they are. */
const USER_AGENT = 'raywire';

/** Opens a WebSocket by `ws`; settles as `LogTransport.open` says. */
export async function openSocket(
  request: LogRequest,
  bufferBytes: number,
  security: SecureSocketOptions<SecureContext>,
): Promise<LogConnection> {
  request.signal.throwIfAborted();
  const WebSocketClient = await loadWebSocket();
  request.signal.throwIfAborted();
  const maxFrameBytes = request.maxFrameBytes ?? DEFAULT_MAX_FRAME_BYTES;
  const options: WebSocket.ClientOptions & { closeTimeout: number } = {
    ...security,
    headers: { 'user-agent': USER_AGENT, ...request.headers },
    perMessageDeflate: false,
    // Broken UTF-8 becomes U+FFFD when it is decoded; a check here would end the tail over it.
    skipUTF8Validation: true,
    followRedirects: false,
    maxPayload: maxFrameBytes,
    closeTimeout: CLOSE_TIMEOUT_MS,
  };
  let socket: WebSocket;
  try {
    socket = new WebSocketClient(request.url, options);
  } catch {
    throw unusableRequest();
  }
  const deadline = new Deadline(request.signal);
  deadline.set(request.connectTimeoutMs, () => connectTimeout(request));
  try {
    const answering = handshake(socket, request, { bufferBytes, maxFrameBytes });
    const answer = await within(answering, { signal: deadline.signal });
    if (!('refusal' in answer)) return answer;
    throw await refused(answer.refusal, request, deadline.signal);
  } catch (error) {
    // `ws` reports its own end of the handshake as an error, some ticks later: its listener is still there.
    socket.terminate();
    request.signal.throwIfAborted();
    throw error;
  } finally {
    deadline.release();
  }
}

/** Settles when the server has answered the upgrade: with a connection, or with a refusal to be read. */
function handshake(
  socket: WebSocket,
  request: LogRequest,
  limits: { bufferBytes: number; maxFrameBytes: number },
): Promise<LogConnection | { refusal: IncomingMessage }> {
  return new Promise((resolve, reject) => {
    let answer: IncomingMessage | undefined;
    const onError = (cause: Error): void => reject(handshakeFailure(request.url, cause));
    socket
      .on('error', onError)
      .once('upgrade', (response: IncomingMessage) => {
        answer = response;
      })
      .once('unexpected-response', (_request: unknown, refusal: IncomingMessage) => resolve({ refusal }))
      .once('open', () => {
        socket.off('error', onError);
        socketOf(answer)?.setKeepAlive(true, KEEP_ALIVE_DELAY_MS);
        // At once: the first messages may have come with the answer.
        resolve(socketConnection(socket, answer, request, limits));
      });
  });
}

/** The error that a refusal means. What the server has said when the time is over counts: its status is known. */
async function refused(
  response: IncomingMessage,
  { url, headers: requestHeaders }: LogRequest,
  signal: AbortSignal,
): Promise<HTTPError> {
  const cancel = (): void => void response.destroy();
  signal.addEventListener('abort', cancel);
  const body = await readBriefText({ body: response, cancel });
  const headers = plainHeaders(response.headers);
  return httpErrorFromResponse({ status: response.statusCode ?? 0, headers, body, url, requestHeaders });
}

function handshakeFailure(url: string, cause: Error & { code?: string }): Error {
  // The system's errors and TLS's have a code; those of `ws` itself, about an answer that is not an upgrade, have none.
  if (cause.code !== undefined && !cause.code.startsWith('HPE_')) return connectFailure(url, cause);
  return new ServerError({
    code: 'UNEXPECTED_RESPONSE',
    statusCode: 502,
    message: `${originOf(url)} did not answer as a WebSocket server does: ${cause.message}. Is the path right, and is a proxy in between?`,
    cause,
  });
}
