import type { IncomingMessage } from 'node:http';
import type { SecureContext } from 'node:tls';
import { ClientConnectionError, type LogConnection, type LogRequest, ServerError } from '@raywire/core';
import { type SecureSocketOptions, tlsRemedy } from '@raywire/core/internal';
import type WebSocket from 'isomorphic-ws';
import { connectTimeout, unusableRequest } from './connection-failures.js';
import { refusal } from './refusal.node.js';
import { SocketConnection, socketOf } from './socket-connection.node.js';

const DEFAULT_MAX_FRAME_BYTES = 8 * 1024 * 1024;
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
  // Here alone, and not before it is needed: importing the package loads no `ws`.
  const { default: WebSocketClient } = await import('isomorphic-ws');
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
  return handshake(socket, request, { bufferBytes, maxFrameBytes });
}

function handshake(
  socket: WebSocket,
  request: LogRequest,
  limits: { bufferBytes: number; maxFrameBytes: number },
): Promise<LogConnection> {
  const { signal, connectTimeoutMs } = request;
  return new Promise((resolve, reject) => {
    let answer: IncomingMessage | undefined;
    let refused: (() => void) | undefined;
    const settle = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      socket.off('open', onOpen).off('upgrade', onUpgrade).off('unexpected-response', onRefusal);
    };
    const fail = (error: unknown): void => {
      settle();
      reject(error);
      // `ws` reports its own end of the handshake as an error, some ticks later: `onError` must stay.
      socket.terminate();
    };
    const onAbort = (): void => fail(signal.reason);
    const onError = (cause: Error): void => fail(handshakeFailure(cause));
    const onUpgrade = (response: IncomingMessage): void => {
      answer = response;
    };
    const onRefusal = (_request: unknown, response: IncomingMessage): void => {
      const reading = refusal(response, request, fail);
      // What it said so far is worth more than that it said it slowly.
      refused = reading;
    };
    const onOpen = (): void => {
      settle();
      socket.off('error', onError);
      socketOf(answer)?.setKeepAlive(true, KEEP_ALIVE_DELAY_MS);
      resolve(new SocketConnection(socket, answer, request, limits));
    };
    const timer = setTimeout(() => {
      if (refused === undefined) fail(connectTimeout(connectTimeoutMs));
      else refused();
    }, connectTimeoutMs);
    signal.addEventListener('abort', onAbort, { once: true });
    socket
      .on('open', onOpen)
      .on('upgrade', onUpgrade)
      .on('unexpected-response', onRefusal)
      .on('error', onError);
  });
}

function handshakeFailure(cause: Error & { code?: string }): Error {
  // The system's errors and TLS's have a code; those of `ws` itself, about an answer that is no upgrade, have none.
  if (cause.code === undefined || cause.code.startsWith('HPE_')) {
    return new ServerError({
      code: 'UNEXPECTED_RESPONSE',
      statusCode: 502,
      message: `The server's answer to the WebSocket upgrade is not one: ${cause.message}.`,
      cause,
    });
  }
  return new ClientConnectionError({
    message:
      tlsRemedy(cause.code) ??
      `The WebSocket server cannot be reached (${cause.code}). Is the URL right, and is the server up?`,
    cause,
  });
}
