import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { markdownOf } from './report.ts';

/** What one thing was measured at. */
export interface Row {
  name: string;
  value: number;
  /** As it is printed: `lines/s`, `ms`, `MiB`. */
  unit: string;
  /** The name of the row that it is compared with. */
  floor?: string;
  /** How many times the floor's value it has; the median of the rounds, each to the floor of the same one. */
  ratio?: number;
  target?: Target;
  /** Whose it is, for the picture: one's own by hand, another client's, or ours. */
  by?: 'floor' | 'peer' | 'raywire';
  /** The value of each round, in order. */
  rounds?: number[];
}

/** What is wanted of a row: of its ratio when the unit is `×`, else of its value. */
export interface Target {
  atLeast?: number;
  atMost?: number;
  unit: string;
}

/** Rows that were measured in one run. */
export interface Table {
  /** What the rows are: the head of the first column. */
  of: string;
  /** How it was measured, in a sentence that ends without its full stop. */
  how: string;
  rows: Row[];
}

/** What a file in bench/results holds. */
export interface Results {
  name: string;
  of: string;
  how: string;
  /** Of the run's end, as 2026-11-25. */
  date: string;
  node: string;
  machine: Machine;
  /** `ok` says whether the target is met. */
  rows: (Row & { ok?: boolean })[];
}

/** What it ran on. */
export interface Machine {
  processor: string;
  cores: number;
  /** One-minute load average before the run: other work on the machine makes everything slower. */
  load: number;
}

const machine: Machine = {
  processor: cpus()[0]?.model.trim() ?? 'unknown',
  cores: availableParallelism(),
  load: Math.round((loadavg()[0] ?? 0) * 10) / 10,
};

/** Prints a table as Markdown and, when there is a folder, writes it to `<folder>/<name>.json`. */
export function writeResults(name: string, table: Table, folder: string | undefined): void {
  const { of, how, rows } = table;
  const date = new Date().toISOString().slice(0, 10);
  const results: Results = {
    ...{ name, of, how, date, node: process.versions.node, machine },
    rows: rows.map((row) => ({ ...row, ...(row.target !== undefined && { ok: isMet(row, row.target) }) })),
  };
  console.log(`${markdownOf([results])}\n`);
  if (folder === undefined) return;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${name}.json`), `${JSON.stringify(results, null, 2)}\n`);
}

/** A ratio that was not measured has not been met. */
function isMet({ value, ratio = Number.NaN }: Row, target: Target): boolean {
  const measured = target.unit === '×' ? ratio : value;
  return measured >= (target.atLeast ?? measured) && measured <= (target.atMost ?? measured);
}
