// The slow reader written by hand, with `ws` or undici and `JSON.parse`: what of the memory is the runtime's own.
// Arguments: <base URL> <lines> websocket|http
import { setTimeout as delay } from 'node:timers/promises';
import { request } from 'undici';
import WebSocket from 'ws';
import { measureSlowReader } from './slow-reading.ts';

await measureSlowReader((baseURL, wire) => ({
  read: (jobId, onLine) =>
    wire === 'websocket' ? readWebSocket(baseURL, jobId, onLine) : readBody(baseURL, jobId, onLine),
  close: async () => {},
}));

function readWebSocket(baseURL: string, jobId: string, onLine: () => number | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`${baseURL.replace('http', 'ws')}/jobs/${jobId}/logs/`);
    socket.on('message', (data) => {
      const event = JSON.parse(data.toString());
      if (event.type === 'complete') {
        socket.terminate();
        resolve();
        return;
      }
      const pauseMs = onLine();
      if (pauseMs === undefined) return;
      socket.pause();
      setTimeout(() => socket.resume(), pauseMs);
    });
    socket.on('error', reject);
    socket.on('close', () => reject(new Error('closed before the end')));
  });
}

async function readBody(baseURL: string, jobId: string, onLine: () => number | undefined): Promise<void> {
  const { body } = await request(`${baseURL}/jobs/${jobId}/logs/stream/`);
  const decoder = new TextDecoder();
  let pending = '';
  for await (const chunk of body) {
    const lines = (pending + decoder.decode(chunk, { stream: true })).split('\n');
    pending = lines.pop() ?? '';
    for (const line of lines) {
      if (!line.startsWith('data: ')) continue;
      const event = JSON.parse(line.slice('data: '.length));
      if (event.type === 'complete') return;
      const pauseMs = onLine();
      if (pauseMs !== undefined) await delay(pauseMs);
    }
  }
  throw new Error('ended before the end');
}
