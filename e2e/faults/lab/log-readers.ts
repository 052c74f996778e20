import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import WebSocket from 'ws';

/** What a reader of a log saw. */
export interface Seen {
  /** Of the answer, or of the refused handshake; 101 where it was accepted. */
  status: number;
  /** All that was sent, as text: headers, too. */
  printed: string;
  /** The answer says that the log is all there. */
  isWhole: boolean;
}

/** Reads one route of a gateway in the way of its wire. */
export type Reader = (url: string, token: string) => Promise<Seen>;

/** Every way to a log of a job. */
export const READERS: Readonly<Record<string, Reader>> = {
  'logs/': (url, token) => readHttp(`${url}/jobs/job/logs/`, token, () => true),
  'logs/ by HTTP/1.0': readAsOldProxy,
  ...Object.fromEntries(
    ['', '?batch=1', '?tail=2', '?offset=70', '?follow=0'].flatMap((query): [string, Reader][] => [
      [
        `logs/stream/${query}`,
        (url, token) => readHttp(`${url}/jobs/job/logs/stream/${query}`, token, saysEnd),
      ],
      [`WebSocket logs/${query}`, (url, token) => readWebSocket(`${url}/jobs/job/logs/${query}`, token)],
    ]),
  ),
  'WebSocket logs/?bytes=1': (url, token) => readWebSocket(`${url}/jobs/job/logs/?bytes=1`, token),
};

/** What `close` came with, whatever error came before it. */
function closeOf(stream: { once(event: 'close', listener: (...values: unknown[]) => void): unknown }) {
  return new Promise<unknown[]>((resolve) => stream.once('close', (...values) => resolve(values)));
}

function saysEnd(text: string): boolean {
  return /"type":"(complete|caught_up)"/.test(text);
}

async function readHttp(url: string, token: string, isEnd: (text: string) => boolean): Promise<Seen> {
  const [response] = (await once(get(url, { headers: { authorization: token } }), 'response')) as [
    IncomingMessage,
  ];
  const parts: Buffer[] = [];
  response.on('data', (part: Buffer) => parts.push(part));
  response.on('error', () => undefined);
  await closeOf(response);
  const text = Buffer.concat(parts).toString();
  const status = response.statusCode ?? 0;
  return {
    status,
    printed: `${response.rawHeaders.join(' ')}\n${text}`,
    isWhole: status === 200 && response.complete && isEnd(text),
  };
}

/** As nginx does unless it is told otherwise. Without a length, the end of the connection is the end of the answer. */
async function readAsOldProxy(url: string, token: string): Promise<Seen> {
  const { port, host } = new URL(url);
  const socket = connect(Number(port), '127.0.0.1');
  socket.write(`GET /jobs/job/logs/ HTTP/1.0\r\nHost: ${host}\r\nAuthorization: ${token}\r\n\r\n`);
  const parts: Buffer[] = [];
  let isReset = false;
  socket.on('data', (part: Buffer) => parts.push(part));
  socket.on('error', () => {
    isReset = true;
  });
  await closeOf(socket);
  const printed = Buffer.concat(parts).toString();
  const status = Number(/^HTTP\/1\.1 (\d+)/.exec(printed)?.[1]);
  const [head = '', ...rest] = printed.split('\r\n\r\n');
  const length = /^content-length: (\d+)/im.exec(head)?.[1];
  const got = Buffer.byteLength(rest.join('\r\n\r\n'));
  return { status, printed, isWhole: status === 200 && !isReset && got >= Number(length ?? 0) };
}

async function readWebSocket(url: string, token: string): Promise<Seen> {
  const socket = new WebSocket(url.replace('http', 'ws'), { headers: { authorization: token } });
  const messages: string[] = [];
  const refused = Promise.withResolvers<Seen>();
  socket.on('message', (data) => messages.push(String(data)));
  socket.on('error', () => undefined);
  socket.on('unexpected-response', async (_request, response) => {
    let body = response.rawHeaders.join(' ');
    for await (const part of response) body += part;
    refused.resolve({ status: response.statusCode ?? 0, printed: body, isWhole: false });
  });
  const closed = closeOf(socket).then(([code, reason]): Seen => {
    const printed = `${messages.join('\n')}\n${code} ${reason}`;
    return { status: 101, printed, isWhole: code === 1000 || saysEnd(printed) };
  });
  const opened = Promise.withResolvers<Seen>();
  socket.on('open', () => opened.resolve(closed));
  return Promise.race([refused.promise, opened.promise]);
}
