import { median } from '../median.ts';
import type { Row } from '../results.ts';
import { runProgram } from '../run-program.ts';
import type { TaskLists } from './contenders/list-tasks.ts';

const FLOOR = 'undici + JSON.parse, by hand';

/** `listTasks` of 10,000 rows beside the bare request and `JSON.parse`. Medians; the ratio is of neighbouring pairs. */
export async function measureTaskLists(address: string, pairs: number): Promise<Row[]> {
  const program = `${import.meta.dirname}/contenders/list-tasks.ts`;
  const printed = await runProgram([process.execPath, program, address, String(pairs)]);
  const { bare, listTasks } = JSON.parse(printed) as TaskLists;
  return [
    { name: FLOOR, value: median(bare), unit: 'ms' },
    {
      name: 'listTasks',
      value: median(listTasks),
      unit: 'ms',
      floor: FLOOR,
      ratio: median(listTasks.map((time, pair) => time / (bare[pair] as number))),
      target: { atMost: 1.2, unit: '×' },
    },
  ];
}
