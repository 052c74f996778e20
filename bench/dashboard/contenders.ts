import { join } from 'node:path';
import type { Contender } from '../contenders.ts';
import { expectedRead } from '../lines/expected-read.ts';
import { BLOCK_LINES, type LineKind } from '../lines/log-lines.ts';
import type { Row } from '../results.ts';

export const PYTHON_CLIENT = "Ray's Python client, chunks as they come";
const PYTHON_LINES = "Ray's Python client, split into lines";
const FILE_FLOOR = 'undici + split, by hand';
const RANGES = 'byte ranges, batches()';

/**
 * The readers of the server that imitates a Ray cluster.
 *
 * @param python the `bin` folder of an environment with Ray
 */
export function dashboardContenders({
  python,
  kind,
}: {
  python?: string | undefined;
  kind: LineKind;
}): Contender[] {
  const isPlain = kind === 'plain';
  const toTheLastLine = String(expectedRead(kind, BLOCK_LINES, 'split').lines);
  return [
    ...pythonContenders(python),
    {
      ...webSocket(
        'websocketTailJobLogs, batches(), to the last line',
        'raywire',
        'websocket',
        'batches',
        toTheLastLine,
      ),
      by: 'raywire',
      beside: [
        { name: PYTHON_CLIENT, atLeast: isPlain ? 1.2 : undefined },
        { name: PYTHON_LINES, atLeast: 1 },
      ],
    },
    {
      ...webSocket(
        'websocketTailJobLogs, for await, to the last line',
        'raywire',
        'websocket',
        'lines',
        toTheLastLine,
      ),
      by: 'raywire',
      beside: [{ name: PYTHON_CLIENT }, { name: PYTHON_LINES }],
    },
    {
      ...webSocket('websocketTailJobLogs, batches(), to the proven end', 'raywire', 'websocket', 'batches'),
      by: 'raywire',
      beside: [{ name: PYTHON_CLIENT }],
    },
    { ...webSocket('ws + split, by hand', 'websocket-floor'), beside: [{ name: PYTHON_CLIENT }] },
    {
      ...webSocket('ws alone, nothing parsed', 'websocket-floor', 'unparsed'),
      beside: [{ name: PYTHON_CLIENT }],
    },
    { name: FILE_FLOOR, by: 'floor', command: program('file-floor'), server: 'ray' },
    { ...ranges(RANGES, 'batches'), beside: [{ name: FILE_FLOOR }] },
    { ...ranges('byte ranges, for await', 'lines'), beside: [{ name: FILE_FLOOR }] },
  ];
}

/** Of byte ranges a rate in bytes is wanted. @param rows of logs of `kind` */
export function rangesInBytes(rows: readonly Row[], kind: LineKind): Row[] {
  const lineBytes = expectedRead(kind, BLOCK_LINES, 'printed').bytes / BLOCK_LINES;
  return rows
    .filter(({ name, floor }) => name === RANGES && floor === FILE_FLOOR)
    .map(({ name, value }) => ({
      ...{ name: `${name}, in bytes`, value: (value * lineBytes) / 1e6, unit: 'MB/s' },
      target: { atLeast: 150, unit: 'MB/s' },
    }));
}

function webSocket(name: string, file: string, ...rest: string[]): Contender {
  return { name, command: program(file, ...rest), server: 'ray', delivery: 'split' };
}

function ranges(name: string, mode: string): Contender {
  const command = program('raywire', 'ranges', mode);
  return { name, by: 'raywire', command, server: 'ray', delivery: 'collapsed' };
}

function pythonContenders(python: string | undefined): Contender[] {
  if (python === undefined) return [];
  const file = `${import.meta.dirname}/contenders/tail_job_logs.py`;
  const reader = (name: string, mode: string): Contender => {
    const command = [join(python, 'python'), file, '{url}', '{lines}', '{warmUpLines}', mode];
    return { name, by: 'peer', command, server: 'ray', delivery: 'split' };
  };
  return [
    reader(PYTHON_CLIENT, 'chunks'),
    { ...reader(PYTHON_LINES, 'lines'), beside: [{ name: PYTHON_CLIENT }] },
  ];
}

function program(name: string, ...rest: string[]): string[] {
  const file = `${import.meta.dirname}/contenders/${name}.ts`;
  return [process.execPath, file, '{url}', '{lines}', '{warmUpLines}', ...rest];
}
