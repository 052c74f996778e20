import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { startGateway, TOKEN } from '../testing/gateway-harness.js';

const EVENTS = [
  'data: {"type":"log","message":"é\\n","offset":3}\n\n',
  'data: {"type":"complete","status":"SUCCEEDED","exit_code":0,"offset":3}\n\n',
];

test('a caller of HTTP/1.0 gets the bare events, and the end of the connection', async () => {
  const harness = await startGateway();
  const id = await harness.submit('echo é');
  await harness.ended(id);
  const socket = connect(Number(new URL(harness.gateway.url).port), '127.0.0.1');
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  socket.write(
    `GET /jobs/${id}/logs/stream/?batch=1 HTTP/1.0\r\nauthorization: ${TOKEN}\r\nhost: localhost\r\n\r\n`,
  );
  await once(socket, 'close');
  const [head = '', body] = Buffer.concat(chunks).toString().split('\r\n\r\n');
  expect(head).not.toMatch(/transfer-encoding/i);
  expect(body).toBe(EVENTS.join(''));
});

test('a connection that is kept has well-formed chunks, and then the next answer', async () => {
  const harness = await startGateway();
  const id = await harness.submit('echo é');
  await harness.ended(id);
  const socket = connect(Number(new URL(harness.gateway.url).port), '127.0.0.1');
  let text = '';
  const request = (path: string, connection: string): void => {
    const headers = `authorization: ${TOKEN}\r\nhost: localhost\r\nconnection: ${connection}`;
    socket.write(`GET ${path} HTTP/1.1\r\n${headers}\r\n\r\n`);
  };
  socket.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
    if (text.endsWith('0\r\n\r\n')) request('/health/', 'close');
  });
  request(`/jobs/${id}/logs/stream/?batch=1`, 'keep-alive');
  await once(socket, 'close');
  const [head = '', chunks = '', next = ''] = text.split('\r\n\r\n');
  expect(head).toMatch(/transfer-encoding: chunked/i);
  const framed = EVENTS.map((event) => `${Buffer.byteLength(event).toString(16)}\r\n${event}\r\n`).join('');
  expect(`${chunks}\r\n\r\n`).toBe(`${framed}0\r\n\r\n`);
  expect(next).toMatch(/^HTTP\/1\.1 200 OK/);
});
