import { join } from 'node:path';
import type { Contender } from '../contenders.ts';
import type { Row } from '../results.ts';

export const PYTHON_CLIENT = "Ray's Python client, chunks as they come";
const PYTHON_LINES = "Ray's Python client, split into lines";
const FILE_FLOOR = 'undici + split, by hand';
const RANGES = 'byte ranges, batches()';
const LINE_AND_NEWLINE_BYTES = 101;

/** The readers of the server that imitates a Ray cluster. @param python the `bin` folder of an environment with Ray */
export function dashboardContenders(python: string | undefined): Contender[] {
  return [
    ...pythonContenders(python),
    {
      name: 'websocketTailJobLogs, batches(), to the last line',
      by: 'raywire',
      command: program('raywire', 'websocket', 'batches', 'unproven'),
      server: 'ray',
      beside: [{ name: PYTHON_CLIENT, atLeast: 1.2 }],
    },
    {
      name: 'websocketTailJobLogs, for await, to the last line',
      by: 'raywire',
      command: program('raywire', 'websocket', 'lines', 'unproven'),
      server: 'ray',
      beside: [{ name: PYTHON_CLIENT }, { name: PYTHON_LINES }],
    },
    {
      name: 'websocketTailJobLogs, batches(), to the proven end',
      by: 'raywire',
      command: program('raywire', 'websocket', 'batches'),
      server: 'ray',
      beside: [{ name: PYTHON_CLIENT }],
    },
    {
      name: 'ws + split, by hand',
      command: program('websocket-floor'),
      server: 'ray',
      beside: [{ name: PYTHON_CLIENT }],
    },
    {
      name: 'ws alone, nothing parsed',
      command: program('websocket-floor', 'unparsed'),
      server: 'ray',
      beside: [{ name: PYTHON_CLIENT }],
    },
    { name: FILE_FLOOR, by: 'floor', command: program('file-floor'), server: 'ray' },
    {
      name: RANGES,
      by: 'raywire',
      command: program('raywire', 'ranges', 'batches'),
      server: 'ray',
      beside: [{ name: FILE_FLOOR }],
    },
    {
      name: 'byte ranges, for await',
      by: 'raywire',
      command: program('raywire', 'ranges', 'lines'),
      server: 'ray',
      beside: [{ name: FILE_FLOOR }],
    },
  ];
}

/** Of byte ranges a rate in bytes is wanted. */
export function rangesInBytes(rows: readonly Row[]): Row[] {
  return rows
    .filter(({ name }) => name === RANGES)
    .map(({ name, value }) => ({
      ...{ name: `${name}, in bytes`, value: (value * LINE_AND_NEWLINE_BYTES) / 1e6, unit: 'MB/s' },
      target: { atLeast: 150, unit: 'MB/s' },
    }));
}

function pythonContenders(python: string | undefined): Contender[] {
  if (python === undefined) return [];
  const file = `${import.meta.dirname}/contenders/tail_job_logs.py`;
  const command = [join(python, 'python'), file, '{url}', '{lines}', '{warmUpLines}'];
  return [
    { name: PYTHON_CLIENT, by: 'peer', command: [...command, 'chunks'], server: 'ray' },
    {
      name: PYTHON_LINES,
      by: 'peer',
      command: [...command, 'lines'],
      server: 'ray',
      beside: [{ name: PYTHON_CLIENT }],
    },
  ];
}

function program(name: string, ...rest: string[]): string[] {
  const file = `${import.meta.dirname}/contenders/${name}.ts`;
  return [process.execPath, file, '{url}', '{lines}', '{warmUpLines}', ...rest];
}
