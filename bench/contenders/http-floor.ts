// What one writes by hand: undici, split and `JSON.parse`, no more.
import { request } from 'undici';
import { measure } from './measure.ts';

await measure(async (baseURL, jobId, note) => {
  const read = { lines: 0, characters: 0 };
  const { body } = await request(`${baseURL}/jobs/${jobId}/logs/stream/`);
  const decoder = new TextDecoder();
  let pending = '';
  for await (const chunk of body) {
    const lines = (pending + decoder.decode(chunk, { stream: true })).split('\n');
    pending = lines.pop() ?? '';
    for (const line of lines) {
      if (!line.startsWith('data: ')) continue;
      const event = JSON.parse(line.slice('data: '.length));
      if (event.type === 'complete') return read;
      read.lines += 1;
      read.characters += event.message.length;
      note?.(event.message);
    }
  }
  throw new Error('ended before the end');
});
