// What the gateway can send to one viewer: nothing is parsed. Arguments: <base URL> <lines> <lines of a first log>
// websocket|sse mix|plain
import { measure } from '../../contenders/measure.ts';
import type { Wire } from './frame-counter.ts';
import { RawViewer } from './raw-viewer.ts';

const [wire, kind] = process.argv.slice(5);

await measure(async (baseURL, jobId) => {
  const { counter, seesEnd } = new RawViewer(baseURL, jobId, wire as Wire);
  await seesEnd;
  return { bytes: counter.logBytes, ...(kind === 'plain' && { lines: counter.plainLines }) };
});
