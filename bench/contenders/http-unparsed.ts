// undici alone, with plain bytes cut at newlines. For information.
import { request } from 'undici';
import { measure } from './measure.ts';

await measure(async (baseURL, jobId) => {
  const read = { lines: 0, bytes: 0 };
  const { body } = await request(`${baseURL}/jobs/${jobId}/logs/`);
  for await (const chunk of body) {
    for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, at + 1)) read.lines += 1;
    read.bytes += chunk.length;
  }
  return read;
});
