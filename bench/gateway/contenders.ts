import { type Contender, HTTP_FLOOR, WEBSOCKET_FLOOR } from '../contenders.ts';
import type { LineKind } from '../lines/log-lines.ts';

/** One line a message. */
const TARGET = 4;

/**
 * One reader of a log that has ended. The floors read frames that were encoded before, one line a message, as an old
 * agent sends them.
 */
export function gatewayContenders(gatewayURL: string, kind: LineKind): Contender[] {
  const read = (
    name: string,
    floor: string,
    atLeast: number | undefined,
    ...program: string[]
  ): Contender => {
    const [file, ...rest] = program;
    const path = `${import.meta.dirname}/${file}.ts`;
    const command = [process.execPath, path, gatewayURL, '{lines}', '{warmUpLines}', ...rest];
    const beside = [{ name: floor, atLeast }];
    return { name, by: 'raywire', command, server: 'gateway', delivery: 'collapsed', beside };
  };
  const floor = (name: string, file: string): Contender => {
    const path = `${import.meta.dirname}/../contenders/${file}.ts`;
    const command = [process.execPath, path, '{url}', '{lines}', '{warmUpLines}'];
    return { name, by: 'floor', command, server: 'agent', share: 0.25 };
  };
  const raw = 'contenders/raw-reader';
  const raywire = '../contenders/raywire';
  return [
    floor(WEBSOCKET_FLOOR, 'websocket-floor'),
    read('WebSocket, nothing parsed', WEBSOCKET_FLOOR, TARGET, raw, 'websocket', kind),
    read('websocketTailJobLogs, batches()', WEBSOCKET_FLOOR, TARGET, raywire, 'websocket', 'batches'),
    read('websocketTailJobLogs, for await', WEBSOCKET_FLOOR, undefined, raywire, 'websocket', 'lines'),
    floor(HTTP_FLOOR, 'http-floor'),
    read('SSE, nothing parsed', HTTP_FLOOR, undefined, raw, 'sse', kind),
    read('streamTailJobLogs, batches()', HTTP_FLOOR, undefined, raywire, 'http', 'batches'),
    read('streamTailJobLogs, for await', HTTP_FLOOR, undefined, raywire, 'http', 'lines'),
  ];
}
