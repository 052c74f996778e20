import { join } from 'node:path';
import type { Delivery } from './lines/expected-read.ts';
import type { LineKind } from './lines/log-lines.ts';
import type { Row } from './results.ts';

/** One way to read a log, as a program that prints what `Measured` holds, in any language. */
export interface Contender {
  name: string;
  by?: NonNullable<Row['by']>;
  /** Program and arguments; `{url}`, `{lines}` and `{warmUpLines}` are replaced. */
  command: string[];
  server: 'agent' | 'gateway' | 'ray';
  /** What it makes of a `\r` within a line. Default `printed`. */
  delivery?: Delivery;
  /** What it is compared with, by name: its floor first. */
  beside?: Comparison[];
  /** How much of the log it reads: less where it is slow, more where it is quick, since the rate is what counts. Default 1. */
  share?: number;
}

/** A contender of the same run, and how many times its speed there should be. */
export interface Comparison {
  name: string;
  atLeast?: number | undefined;
}

export const WEBSOCKET_FLOOR = 'ws + JSON.parse, by hand';
export const HTTP_FLOOR = 'undici + split + JSON.parse, by hand';
const WEBSOCKET_PEER = 'Python SDK, websocket_tail_job_logs';
const HTTP_PEER = 'Python SDK, stream_tail_job_logs';
const WEBSOCKET_LINES = 'websocketTailJobLogs, for await';
const HTTP_LINES = 'streamTailJobLogs, for await';

/**
 * All that are measured in one round, floors first.
 *
 * @param python the `bin` folder of the SDK's environment
 */
export function agentContenders({
  python,
  kind,
}: {
  python?: string | undefined;
  kind: LineKind;
}): Contender[] {
  const isPlain = kind === 'plain';
  return [
    { name: WEBSOCKET_FLOOR, by: 'floor', command: program('websocket-floor'), server: 'agent' },
    ...peer(python, { name: WEBSOCKET_PEER, wire: 'websocket', floor: WEBSOCKET_FLOOR, share: 0.1 }),
    {
      ...raywire(WEBSOCKET_LINES, 'websocket', 'lines'),
      beside: [
        { name: WEBSOCKET_FLOOR, atLeast: isPlain ? 1.05 : 1 },
        { name: WEBSOCKET_PEER, atLeast: 20 },
      ],
    },
    {
      ...raywire('websocketTailJobLogs, batches()', 'websocket', 'batches'),
      beside: [{ name: WEBSOCKET_FLOOR, atLeast: isPlain ? 1.3 : undefined }],
    },
    {
      ...raywire('websocketTailJobLogs, for await, gateway', 'websocket', 'lines'),
      server: 'gateway',
      share: 4,
      beside: [{ name: WEBSOCKET_FLOOR, atLeast: isPlain ? 4 : undefined }],
    },
    {
      ...raywire('websocketTailJobLogs, batches(), gateway', 'websocket', 'batches'),
      server: 'gateway',
      share: 4,
      beside: [{ name: WEBSOCKET_FLOOR, atLeast: isPlain ? 4 : undefined }],
    },
    {
      name: 'ws alone, nothing parsed',
      command: program('websocket-unparsed'),
      server: 'agent',
      beside: [{ name: WEBSOCKET_FLOOR }],
    },
    { name: HTTP_FLOOR, by: 'floor', command: program('http-floor'), server: 'agent' },
    ...peer(python, { name: HTTP_PEER, wire: 'http', floor: HTTP_FLOOR, share: 0.5 }),
    {
      ...raywire(HTTP_LINES, 'http', 'lines'),
      beside: [
        { name: HTTP_FLOOR, atLeast: isPlain ? 1.5 : 1 },
        { name: HTTP_PEER, atLeast: 3 },
      ],
    },
    {
      ...raywire('streamTailJobLogs, batches()', 'http', 'batches'),
      beside: [{ name: HTTP_FLOOR, atLeast: isPlain ? 1.5 : undefined }],
    },
    {
      ...raywire('streamTailJobLogs, for await, gateway', 'http', 'lines'),
      server: 'gateway',
      beside: [{ name: HTTP_FLOOR }],
    },
    {
      ...raywire('streamTailJobLogs, batches(), gateway', 'http', 'batches'),
      server: 'gateway',
      beside: [{ name: HTTP_FLOOR }],
    },
    {
      name: 'undici alone, plain bytes cut at newlines',
      command: program('http-unparsed'),
      server: 'agent',
      beside: [{ name: HTTP_FLOOR }],
    },
  ];
}

/** What a command does: the first read of its process. Each tail beside its floor. */
export function coldContenders(): Contender[] {
  return [
    { name: WEBSOCKET_FLOOR, by: 'floor', command: program('websocket-floor'), server: 'agent' },
    {
      ...raywire(WEBSOCKET_LINES, 'websocket', 'lines'),
      beside: [{ name: WEBSOCKET_FLOOR, atLeast: 0.9 }],
    },
    { name: HTTP_FLOOR, by: 'floor', command: program('http-floor'), server: 'agent' },
    { ...raywire(HTTP_LINES, 'http', 'lines'), beside: [{ name: HTTP_FLOOR, atLeast: 0.9 }] },
  ];
}

function raywire(name: string, wire: string, mode: string): Contender {
  const command = program('raywire', wire, mode);
  return { name, by: 'raywire', command, server: 'agent', delivery: 'collapsed' };
}

function peer(
  python: string | undefined,
  { name, wire, floor, share }: { name: string; wire: string; floor: string; share: number },
): Contender[] {
  if (python === undefined) return [];
  const file = `${import.meta.dirname}/contenders/synapse_tail.py`;
  const command = [join(python, 'python'), file, '{url}', '{lines}', '{warmUpLines}', wire];
  return [{ name, by: 'peer', command, server: 'agent', beside: [{ name: floor }], share }];
}

function program(name: string, ...rest: string[]): string[] {
  const file = `${import.meta.dirname}/contenders/${name}.ts`;
  return [process.execPath, file, '{url}', '{lines}', '{warmUpLines}', ...rest];
}
