// What one writes by hand for Ray's WebSocket, whose frames may end anywhere: `ws` and `split`, no more. With the argument
// `unparsed`, `ws` alone: nothing that is built on it can be faster.
import WebSocket from 'ws';
import { measure, type Read } from '../../contenders/measure.ts';

const isUnparsed = process.argv[5] === 'unparsed';

await measure((address, jobId, note) => {
  return new Promise<Read>((resolve, reject) => {
    const read = { lines: 0, characters: 0 };
    let bytes = 0;
    let pending = '';
    const url = `${address.replace('http', 'ws')}/api/jobs/${jobId}/logs/tail`;
    const socket = new WebSocket(url, { perMessageDeflate: false, skipUTF8Validation: true });
    socket.on('message', (content: Buffer) => {
      if (isUnparsed) {
        bytes += content.length;
        return;
      }
      const lines = (pending + content.toString()).split('\n');
      pending = lines.pop() ?? '';
      for (const line of lines) {
        read.lines += 1;
        read.characters += line.length;
        note?.(line);
      }
    });
    socket.on('error', reject);
    socket.on('close', () => resolve(isUnparsed ? { bytes } : read));
  });
});
