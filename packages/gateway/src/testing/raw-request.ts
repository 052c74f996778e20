import { once } from 'node:events';
import { connect } from 'node:net';
import { type Harness, TOKEN } from './gateway-harness.js';

/** Sends bytes as they are, and gives what comes back until the server closes. */
export async function sendRaw(harness: Harness, text: string): Promise<string> {
  const socket = connect(Number(new URL(harness.gateway.url).port), '127.0.0.1');
  socket.end(text);
  let answer = '';
  socket.on('data', (chunk) => {
    answer += chunk;
  });
  await once(socket, 'close');
  return answer;
}

/** The text of a request with the token. */
export const rawRequest = (method: string, path: string, headers: Record<string, string>): string =>
  `${method} ${path} HTTP/1.1\r\n${Object.entries({ connection: 'close', authorization: TOKEN, ...headers })
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('')}\r\n`;

export const rawGet = (path: string, headers: Record<string, string>): string =>
  rawRequest('GET', path, headers);
