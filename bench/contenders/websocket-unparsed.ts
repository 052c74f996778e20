// `ws` alone: nothing that is built on it can be faster. For information. Only for its digest are messages parsed.
import WebSocket from 'ws';
import { measure, type Read } from './measure.ts';

await measure((baseURL, jobId, note) => {
  return new Promise<Read>((resolve, reject) => {
    let messages = 0;
    const socket = new WebSocket(`${baseURL.replace('http', 'ws')}/jobs/${jobId}/logs/`, {
      skipUTF8Validation: true,
    });
    socket.on('message', (data) => {
      messages += 1;
      if (note === undefined) return;
      const event = JSON.parse(data.toString());
      if (event.type === 'log') note(event.message);
    });
    socket.on('error', reject);
    // The last message is the `complete` event.
    socket.on('close', () => resolve({ lines: messages - 1 }));
  });
});
