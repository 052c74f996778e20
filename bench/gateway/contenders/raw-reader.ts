// What the gateway can send to one viewer: nothing is parsed. Arguments: <base URL> <lines> <lines of a first log>
// websocket|sse
import { measure } from '../../contenders/measure.ts';
import { LINE_BYTES } from '../../server/log-lines.ts';
import type { Wire } from './frame-counter.ts';
import { RawViewer } from './raw-viewer.ts';

const wire = process.argv[5] as Wire;

await measure(async (baseURL, jobId) => {
  const { counter, seesEnd } = new RawViewer(baseURL, jobId, wire);
  await seesEnd;
  return { lines: counter.lines, characters: counter.lines * LINE_BYTES };
});
