import { join } from 'node:path';
import type { Row } from './results.ts';

/** One way to read a log, as a program that prints what `Measured` holds, in any language. */
export interface Contender {
  name: string;
  by?: NonNullable<Row['by']>;
  /** Program and arguments; `{url}`, `{lines}` and `{warmUpLines}` are replaced. */
  command: string[];
  server: 'agent' | 'gateway' | 'ray';
  /** What it is compared with, by name: its floor first. */
  beside?: Comparison[];
  /** How much of the log it reads: less where it is slow, more where it is quick, since the rate is what counts. Default 1. */
  share?: number;
}

/** A contender of the same run, and how many times its speed there should be. */
export interface Comparison {
  name: string;
  atLeast?: number;
}

export const WEBSOCKET_FLOOR = 'ws + JSON.parse, by hand';
export const HTTP_FLOOR = 'undici + split + JSON.parse, by hand';
const WEBSOCKET_PEER = 'Python SDK, websocket_tail_job_logs';
const HTTP_PEER = 'Python SDK, stream_tail_job_logs';

/** All that are measured in one round, floors first. @param python the `bin` folder of the SDK's environment */
export function agentContenders(python: string | undefined): Contender[] {
  return [
    { name: WEBSOCKET_FLOOR, by: 'floor', command: program('websocket-floor'), server: 'agent' },
    ...peer(python, { name: WEBSOCKET_PEER, wire: 'websocket', floor: WEBSOCKET_FLOOR, share: 0.1 }),
    {
      name: 'websocketTailJobLogs, for await',
      by: 'raywire',
      command: program('raywire', 'websocket', 'lines'),
      server: 'agent',
      beside: [
        { name: WEBSOCKET_FLOOR, atLeast: 1.05 },
        { name: WEBSOCKET_PEER, atLeast: 20 },
      ],
    },
    {
      name: 'websocketTailJobLogs, batches()',
      by: 'raywire',
      command: program('raywire', 'websocket', 'batches'),
      server: 'agent',
      beside: [{ name: WEBSOCKET_FLOOR, atLeast: 1.3 }],
    },
    {
      name: 'websocketTailJobLogs, for await, gateway',
      by: 'raywire',
      command: program('raywire', 'websocket', 'lines'),
      server: 'gateway',
      share: 4,
      beside: [{ name: WEBSOCKET_FLOOR, atLeast: 4 }],
    },
    {
      name: 'websocketTailJobLogs, batches(), gateway',
      by: 'raywire',
      command: program('raywire', 'websocket', 'batches'),
      server: 'gateway',
      share: 4,
      beside: [{ name: WEBSOCKET_FLOOR, atLeast: 4 }],
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
      name: 'streamTailJobLogs, for await',
      by: 'raywire',
      command: program('raywire', 'http', 'lines'),
      server: 'agent',
      beside: [
        { name: HTTP_FLOOR, atLeast: 1.5 },
        { name: HTTP_PEER, atLeast: 3 },
      ],
    },
    {
      name: 'streamTailJobLogs, batches()',
      by: 'raywire',
      command: program('raywire', 'http', 'batches'),
      server: 'agent',
      beside: [{ name: HTTP_FLOOR, atLeast: 1.5 }],
    },
    {
      name: 'streamTailJobLogs, for await, gateway',
      by: 'raywire',
      command: program('raywire', 'http', 'lines'),
      server: 'gateway',
      beside: [{ name: HTTP_FLOOR }],
    },
    {
      name: 'streamTailJobLogs, batches(), gateway',
      by: 'raywire',
      command: program('raywire', 'http', 'batches'),
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
