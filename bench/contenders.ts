/** One way to read a log, as a program that prints what `Measured` holds. A peer in another language fits too. */
export interface Contender {
  name: string;
  /** Program and arguments; `{url}`, `{lines}` and `{warmUpLines}` are replaced. */
  command: string[];
  server: 'agent' | 'gateway' | 'ray';
  /** The name of the contender that it is compared with. */
  floor?: string;
  /** How many times the floor's speed it should have. */
  target?: number;
}

const WEBSOCKET_FLOOR = 'ws + JSON.parse, by hand';
const HTTP_FLOOR = 'undici + split + JSON.parse, by hand';

/** All that are measured in one round, floors first. */
export const contenders: Contender[] = [
  { name: WEBSOCKET_FLOOR, command: program('websocket-floor'), server: 'agent' },
  {
    name: 'websocketTailJobLogs, for await',
    command: program('raywire', 'websocket', 'lines'),
    server: 'agent',
    floor: WEBSOCKET_FLOOR,
    target: 1,
  },
  {
    name: 'websocketTailJobLogs, batches()',
    command: program('raywire', 'websocket', 'batches'),
    server: 'agent',
    floor: WEBSOCKET_FLOOR,
    target: 1.3,
  },
  {
    name: 'websocketTailJobLogs, for await, gateway',
    command: program('raywire', 'websocket', 'lines'),
    server: 'gateway',
    floor: WEBSOCKET_FLOOR,
  },
  {
    name: 'ws alone, nothing parsed',
    command: program('websocket-unparsed'),
    server: 'agent',
    floor: WEBSOCKET_FLOOR,
  },
  { name: HTTP_FLOOR, command: program('http-floor'), server: 'agent' },
  {
    name: 'streamTailJobLogs, for await',
    command: program('raywire', 'http', 'lines'),
    server: 'agent',
    floor: HTTP_FLOOR,
    target: 1,
  },
  {
    name: 'streamTailJobLogs, batches()',
    command: program('raywire', 'http', 'batches'),
    server: 'agent',
    floor: HTTP_FLOOR,
    target: 1.3,
  },
  {
    name: 'streamTailJobLogs, for await, gateway',
    command: program('raywire', 'http', 'lines'),
    server: 'gateway',
    floor: HTTP_FLOOR,
  },
  {
    name: 'undici alone, plain bytes cut at newlines',
    command: program('http-unparsed'),
    server: 'agent',
    floor: HTTP_FLOOR,
  },
];

function program(name: string, ...rest: string[]): string[] {
  return [
    process.execPath,
    `${import.meta.dirname}/contenders/${name}.ts`,
    '{url}',
    '{lines}',
    '{warmUpLines}',
    ...rest,
  ];
}
