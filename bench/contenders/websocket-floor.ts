// What one writes by hand: `ws` and `JSON.parse`, no more.
import WebSocket from 'ws';
import { measure, type Read } from './measure.ts';

await measure((baseURL, jobId, note) => {
  return new Promise<Read>((resolve, reject) => {
    const read = { lines: 0, characters: 0 };
    const socket = new WebSocket(`${baseURL.replace('http', 'ws')}/jobs/${jobId}/logs/`);
    socket.on('message', (data) => {
      const event = JSON.parse(data.toString());
      if (event.type === 'complete') {
        socket.terminate();
        resolve(read);
        return;
      }
      read.lines += 1;
      read.characters += event.message.length;
      note?.(event.message);
    });
    socket.on('error', reject);
    socket.on('close', () => reject(new Error('closed before the end')));
  });
});
