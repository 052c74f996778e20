import type { Contender } from '../contenders.ts';

const WEBSOCKET_FLOOR = 'ws + JSON.parse, one line a message, by hand';
const HTTP_FLOOR = 'undici + split + JSON.parse, one line an event, by hand';
/** What one viewer must be sent, so that its client can reach it. */
const TARGET = 4;

/** One reader of a log that has ended; the floors read frames that were encoded before, as an old agent sends them. */
export function gatewayContenders(gatewayURL: string): Contender[] {
  const read = (name: string, floor: string, target: number | undefined, ...program: string[]): Contender => {
    const [file, ...rest] = program;
    const path = `${import.meta.dirname}/${file}.ts`;
    const command = [process.execPath, path, gatewayURL, '{lines}', '{warmUpLines}', ...rest];
    return { name, command, server: 'gateway', floor, ...(target !== undefined && { target }) };
  };
  const floor = (name: string, file: string): Contender => ({
    name,
    command: [
      process.execPath,
      `${import.meta.dirname}/../contenders/${file}.ts`,
      '{url}',
      '{lines}',
      '{warmUpLines}',
    ],
    server: 'agent',
  });
  return [
    floor(WEBSOCKET_FLOOR, 'websocket-floor'),
    read('WebSocket, nothing parsed', WEBSOCKET_FLOOR, TARGET, 'contenders/raw-reader', 'websocket'),
    read(
      'websocketTailJobLogs, batches()',
      WEBSOCKET_FLOOR,
      TARGET,
      '../contenders/raywire',
      'websocket',
      'batches',
    ),
    read(
      'websocketTailJobLogs, for await',
      WEBSOCKET_FLOOR,
      undefined,
      '../contenders/raywire',
      'websocket',
      'lines',
    ),
    floor(HTTP_FLOOR, 'http-floor'),
    read('SSE, nothing parsed', HTTP_FLOOR, undefined, 'contenders/raw-reader', 'sse'),
    read('streamTailJobLogs, batches()', HTTP_FLOOR, undefined, '../contenders/raywire', 'http', 'batches'),
    read('streamTailJobLogs, for await', HTTP_FLOOR, undefined, '../contenders/raywire', 'http', 'lines'),
  ];
}
