// undici alone, with plain bytes cut at newlines. For information.
import { request } from 'undici';
import { measure, type Read } from './measure.ts';

await measure(async (baseURL, jobId) => {
  const read: Read = { lines: 0, characters: 0 };
  const { body } = await request(`${baseURL}/jobs/${jobId}/logs/`);
  for await (const chunk of body) {
    for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, at + 1)) read.lines += 1;
    read.characters += chunk.length;
  }
  read.characters -= read.lines;
  return read;
});
