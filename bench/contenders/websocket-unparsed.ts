// `ws` alone: nothing that is built on it can be faster. For information.
import WebSocket from 'ws';
import { LINE_BYTES } from '../server/log-lines.ts';
import { measure, type Read } from './measure.ts';

await measure((baseURL, jobId) => {
  return new Promise<Read>((resolve, reject) => {
    let messages = 0;
    const socket = new WebSocket(`${baseURL.replace('http', 'ws')}/jobs/${jobId}/logs/`, {
      skipUTF8Validation: true,
    });
    socket.on('message', () => {
      messages += 1;
    });
    socket.on('error', reject);
    // The last message is the `complete` event.
    socket.on('close', () => resolve({ lines: messages - 1, characters: (messages - 1) * LINE_BYTES }));
  });
});
