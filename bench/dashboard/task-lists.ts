import { median } from '../median.ts';
import { runProgram } from '../run-program.ts';
import type { TaskLists } from './contenders/list-tasks.ts';

/** `listTasks` beside the bare request and `JSON.parse`. Medians. */
export interface TaskListResult {
  bareMs: number;
  listTasksMs: number;
  /** Of neighbouring pairs. */
  ratio: number;
}

/** 10,000 rows, both in one process and in turn. */
export async function measureTaskLists(address: string, pairs: number): Promise<TaskListResult> {
  const program = `${import.meta.dirname}/contenders/list-tasks.ts`;
  const printed = await runProgram([process.execPath, program, address, String(pairs)]);
  const { bare, listTasks } = JSON.parse(printed) as TaskLists;
  return {
    bareMs: median(bare),
    listTasksMs: median(listTasks),
    ratio: median(listTasks.map((time, pair) => time / (bare[pair] as number))),
  };
}
