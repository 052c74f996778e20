import type { Contender } from '../contenders.ts';

const PYTHON_CLIENT = "Ray's Python client, chunks as they come";
const FILE_FLOOR = 'undici + split, by hand';

/** The readers of the server that imitates a Ray cluster. @param python the interpreter that has Ray */
export function dashboardContenders(python: string): Contender[] {
  const pythonProgram = `${import.meta.dirname}/contenders/tail_job_logs.py`;
  return [
    {
      name: PYTHON_CLIENT,
      command: [python, pythonProgram, '{url}', '{lines}', '{warmUpLines}', 'chunks'],
      server: 'ray',
    },
    {
      name: "Ray's Python client, split into lines",
      command: [python, pythonProgram, '{url}', '{lines}', '{warmUpLines}', 'lines'],
      server: 'ray',
      floor: PYTHON_CLIENT,
    },
    {
      name: 'websocketTailJobLogs, batches(), to the last line',
      command: program('raywire', 'websocket', 'batches', 'unproven'),
      server: 'ray',
      floor: PYTHON_CLIENT,
      target: 1,
    },
    {
      name: 'websocketTailJobLogs, for await, to the last line',
      command: program('raywire', 'websocket', 'lines', 'unproven'),
      server: 'ray',
      floor: PYTHON_CLIENT,
    },
    {
      name: 'websocketTailJobLogs, batches(), to the proven end',
      command: program('raywire', 'websocket', 'batches'),
      server: 'ray',
      floor: PYTHON_CLIENT,
    },
    { name: FILE_FLOOR, command: program('file-floor'), server: 'ray' },
    {
      name: 'byte ranges, batches()',
      command: program('raywire', 'ranges', 'batches'),
      server: 'ray',
      floor: FILE_FLOOR,
    },
    {
      name: 'byte ranges, for await',
      command: program('raywire', 'ranges', 'lines'),
      server: 'ray',
      floor: FILE_FLOOR,
    },
  ];
}

function program(name: string, ...rest: string[]): string[] {
  const file = `${import.meta.dirname}/contenders/${name}.ts`;
  return [process.execPath, file, '{url}', '{lines}', '{warmUpLines}', ...rest];
}
