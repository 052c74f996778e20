import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { ClientConnectionError, type LogConnection, type LogRequest, QueuedConnection } from '@raywire/core';
import { connectionLost, FramePack, frameTooLarge, plainHeaders } from '@raywire/core/internal';
import type WebSocket from 'isomorphic-ws';
import { Heartbeat } from './heartbeat.js';

/** The connection over an open socket of `ws`. */
export function socketConnection(
  socket: WebSocket,
  answer: IncomingMessage | undefined,
  request: LogRequest,
  limits: { bufferBytes: number; maxFrameBytes: number },
): LogConnection {
  const { textAsBytes = false } = request;
  let heartbeat: Heartbeat | undefined;
  const connection = new QueuedConnection({
    status: 101,
    headers: plainHeaders(answer?.headers),
    signal: request.signal,
    bufferBytes: limits.bufferBytes,
    // `ws` itself refuses a larger frame, before it is whole.
    maxFrameBytes: Number.POSITIVE_INFINITY,
    pack: textAsBytes ? new FramePack() : undefined,
    pause: () => socket.pause(),
    resume: () => socket.resume(),
    starved: () => heartbeat?.restart(),
    terminate: () => socket.terminate(),
    released: () => heartbeat?.stop(),
  });
  heartbeat = request.heartbeat && heartbeatOf(socket, answer, connection, request.heartbeat);
  socket.on('message', (content: Buffer, isBinary: boolean) => {
    connection.push(isBinary || textAsBytes ? content : content.toString());
  });
  socket.on('error', (cause: Error & { code?: string }) => {
    const isTooLarge = cause.code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH';
    connection.break(isTooLarge ? frameTooLarge(limits.maxFrameBytes) : connectionLost(request.url, cause));
  });
  socket.on('close', (code: number, reason: Buffer) => {
    const clean = code !== 1006;
    connection.end(
      { clean, code, reason: reason.toString() },
      clean ? undefined : connectionLost(request.url),
    );
  });
  return connection;
}

/** Bun's own `ws`, which takes the place of the package there, shows no socket: `answer.socket` is `null`. */
export function socketOf(answer: IncomingMessage | undefined): Socket | undefined {
  return (answer?.socket as Socket | null | undefined) ?? undefined;
}

function heartbeatOf(
  socket: WebSocket,
  answer: IncomingMessage | undefined,
  connection: QueuedConnection,
  times: { intervalMs: number; timeoutMs: number },
): Heartbeat {
  let events = 0;
  const heartbeat = new Heartbeat({
    ...times,
    waiting: () => connection.waiting,
    // Bytes, where the runtime shows them: a large message on a slow line is not silence.
    received: () => socketOf(answer)?.bytesRead ?? events,
    probe: () => socket.ping(),
    dead: () => connection.break(heartbeatTimeout(times.timeoutMs)),
  });
  const onSign = (): void => {
    events += 1;
    heartbeat.restart();
  };
  socket.on('pong', onSign).on('ping', onSign);
  return heartbeat;
}

function heartbeatTimeout(timeoutMs: number): ClientConnectionError {
  return new ClientConnectionError({
    code: 'HEARTBEAT_TIMEOUT',
    message: `The WebSocket connection is dead: nothing came for ${timeoutMs} ms, nor an answer to a ping.`,
  });
}
