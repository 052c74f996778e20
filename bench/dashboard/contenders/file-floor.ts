// What one writes by hand for a file of lines: undici, a decoder and `split`, no more.
import { request } from 'undici';
import { measure } from '../../contenders/measure.ts';

await measure(async (address, jobId, note) => {
  const read = { lines: 0, characters: 0 };
  const { body } = await request(new URL(`/logs/job-driver-${jobId}.log`, address));
  const decoder = new TextDecoder();
  let pending = '';
  for await (const chunk of body) {
    const lines = (pending + decoder.decode(chunk, { stream: true })).split('\n');
    pending = lines.pop() ?? '';
    for (const line of lines) {
      read.lines += 1;
      read.characters += line.length;
      note?.(line);
    }
  }
  return read;
});
