import type { Results, Row, Target } from './results.ts';

/** Tables as Markdown, each below the sentence that says how it was measured. */
export function markdownOf(all: readonly Results[]): string {
  const parts: string[] = [];
  let runBefore = '';
  for (const results of all) {
    const run = runOf(results);
    // Tables of one run say it once.
    parts.push(run === runBefore ? `${results.how}.` : `${results.how}; ${run}.`, tableOf(results));
    runBefore = run;
  }
  return parts.join('\n\n');
}

function runOf({ node, machine, date }: Results): string {
  const { cores, processor, load } = machine;
  return `Node ${node}, ${cores} cores (${processor}), load before the run ${load.toFixed(1)}, ${date}`;
}

function tableOf({ of, rows }: Results): string {
  const floors = new Set(rows.map(({ floor }) => floor));
  const heads = [of, 'measured', 'ratio', 'to', 'target', ''];
  const lines = rows.map((row, index) => [
    rows[index - 1]?.name === row.name ? 'the same' : row.name,
    quantity(row.value, row.unit),
    row.ratio === undefined ? (floors.has(row.name) ? 'the floor' : '') : quantity(row.ratio, '×'),
    toOf(row, rows),
    row.target === undefined ? '' : textOf(row.target),
    row.ok === undefined ? '' : row.ok ? 'ok' : 'missed',
  ]);
  // A table in which nothing is compared has no columns for it.
  const isUsed = heads.map((_, column) => column < 2 || lines.some((cells) => cells[column] !== ''));
  const used = (cells: string[]): string[] => cells.filter((_, column) => isUsed[column]);
  return table(used(heads), lines.map(used));
}

/** Named only where it is not the floor that stands above. */
function toOf(row: Row, rows: readonly Row[]): string {
  if (row.ratio === undefined || row.floor === undefined) return '';
  const above = rows.slice(0, rows.indexOf(row)).findLast(({ floor }) => floor === undefined);
  return above?.name === row.floor ? 'the floor' : row.floor;
}

function textOf({ atLeast, atMost, unit }: Target): string {
  const bounds = [
    ...(atLeast === undefined ? [] : [`≥ ${atLeast.toLocaleString('en')}`]),
    ...(atMost === undefined ? [] : [`≤ ${atMost.toLocaleString('en')}`]),
  ];
  return `${bounds.join(', ')} ${unit}`;
}

/** Three digits or more, as one would say it. */
function quantity(value: number, unit: string): string {
  const digits = value >= 100 ? 0 : value >= 10 ? 1 : 2;
  const number = value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });
  return `${number} ${unit}`;
}

/** A Markdown table, its columns aligned. */
function table(heads: string[], rows: string[][]): string {
  const widths = heads.map((head, column) =>
    Math.max(3, head.length, ...rows.map((row) => (row[column] ?? '').length)),
  );
  const line = (cells: string[]) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  return [line(heads), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}
