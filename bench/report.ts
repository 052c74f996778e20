import type { ImportTime } from './import-time.ts';
import type { MemoryResult } from './memory.ts';
import type { Throughput } from './throughput.ts';

/** All that one run of the bench found; `--json` writes it. */
export interface Report {
  date: string;
  node: string;
  processor: string;
  cores: number;
  /** One-minute load average before the run: other work on the machine makes everything slower. */
  loadAtStart: number;
  lines: number;
  /** Read by each process before it is measured. */
  warmUpLines: number;
  rounds: number;
  throughput: Throughput[];
  memory: MemoryResult[];
  importTime: ImportTime;
}

/** The report as Markdown. */
export function markdownOf(report: Report): string {
  const { throughput, memory, importTime } = report;
  const speeds = throughput.map(({ name, linesPerSecond, ratio, target }) => [
    name,
    linesPerSecond.toLocaleString('en'),
    ratio === null ? 'the floor' : `${ratio.toFixed(2)} ×`,
    target === null ? '' : `≥ ${target.toFixed(1)} ×`,
    target === null || ratio === null ? '' : verdict(ratio >= target),
  ]);
  const others = memory.flatMap(({ name, growthMiB, coldGrowthMiB, targetMiB, lines, seconds }) => [
    [
      `${name}, ${(lines / 1e6).toFixed(0)} million lines in ${seconds.toFixed(0)} s`,
      `${growthMiB.toFixed(1)} MiB`,
      `< ${targetMiB} MiB`,
      verdict(growthMiB < targetMiB),
    ],
    ['the same, above a client that has sent nothing yet', `${coldGrowthMiB.toFixed(1)} MiB`, '', ''],
  ]);
  const { addedMilliseconds, bareMilliseconds, targetMilliseconds } = importTime;
  others.push([
    `import of \`@raywire/agent\`, above bare Node (${bareMilliseconds.toFixed(0)} ms)`,
    `${addedMilliseconds.toFixed(1)} ms`,
    `< ${targetMilliseconds} ms`,
    verdict(addedMilliseconds < targetMilliseconds),
  ]);
  return [
    `${report.lines.toLocaleString('en')} lines of 100 B (after ${report.warmUpLines.toLocaleString('en')} in the same process), median of ` +
      `${report.rounds} rounds; Node ${report.node}, ` +
      `${report.cores} cores (${report.processor}), load before the run ${report.loadAtStart.toFixed(1)}.`,
    table(['reader', 'lines/s', 'to its floor', 'target', ''], speeds),
    table(['', 'measured', 'target', ''], others),
  ].join('\n\n');
}

/** What stands in the last column. */
export function verdict(met: boolean): string {
  return met ? 'ok' : 'missed';
}

/** A Markdown table, its columns aligned. */
export function table(heads: string[], rows: string[][]): string {
  const widths = heads.map((head, column) =>
    Math.max(3, head.length, ...rows.map((row) => (row[column] ?? '').length)),
  );
  const line = (cells: string[]) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  return [line(heads), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}
