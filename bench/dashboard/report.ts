import { table, verdict } from '../report.ts';
import type { Throughput } from '../throughput.ts';
import type { Latency, RayLatencies } from './latency.ts';
import type { LongLogResult } from './long-log.ts';
import type { TaskListResult } from './task-lists.ts';

/** All that one run of the bench found; `--json` writes it. What was not chosen is not there. */
export interface DashboardReport {
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
  latencies?: RayLatencies;
  throughput?: Throughput[];
  longLog?: LongLogResult;
  taskLists?: TaskListResult;
}

const LINE_AND_NEWLINE_BYTES = 101;
const TARGET_MB_PER_SECOND = 150;

/** The report as Markdown. */
export function markdownOf(report: DashboardReport): string {
  const { latencies, throughput, longLog, taskLists } = report;
  const parts = [
    `Node ${report.node}, ${report.cores} cores (${report.processor}), load before the run ${report.loadAtStart.toFixed(1)}.`,
  ];
  if (latencies !== undefined) parts.push(latencyTable(latencies));
  if (throughput !== undefined) {
    parts.push(
      `${report.lines.toLocaleString('en')} lines of 100 B (after ${report.warmUpLines.toLocaleString('en')} in the ` +
        `same process), median of ${report.rounds} rounds.`,
      throughputTable(throughput),
    );
  }
  const others = [...longLogRows(longLog), ...taskListRows(taskLists)];
  if (others.length > 0) parts.push(table(['', 'measured', 'target', ''], others));
  return parts.join('\n\n');
}

function latencyTable({ steady, afterSilence, idleRequestsPerSecond }: RayLatencies): string {
  const row = (name: string, latency: Latency, share: 'p50' | 'p95', target?: number): string[] => [
    `${name}, ${latency.lines} lines, ${share}`,
    milliseconds(latency.ours[share]),
    milliseconds(latency.python[share]),
    target === undefined ? '' : `≤ ${target.toLocaleString('en')} ms`,
    target === undefined ? '' : verdict(latency.ours[share] <= target),
  ];
  return table(
    ['from `print` to the reader, a real Ray', 'Raywire', "Ray's Python client", 'target', ''],
    [
      row('20 lines a second', steady, 'p50', 60),
      row('20 lines a second', steady, 'p95', 150),
      row('after 30 s of silence', afterSilence, 'p50'),
      row('after 30 s of silence', afterSilence, 'p95', 1_100),
      [
        'requests a second of an idle tail',
        idleRequestsPerSecond.toFixed(2),
        '',
        '≤ 2',
        verdict(idleRequestsPerSecond > 0 && idleRequestsPerSecond <= 2),
      ],
    ],
  );
}

function throughputTable(throughput: Throughput[]): string {
  const rows = throughput.map(({ name, linesPerSecond, ratio, target }) => {
    const megabytes = (linesPerSecond * LINE_AND_NEWLINE_BYTES) / 1e6;
    const isRanges = name.startsWith('byte ranges, batches');
    const isMet = isRanges ? megabytes >= TARGET_MB_PER_SECOND : (ratio ?? 0) >= (target ?? 0);
    return [
      name,
      linesPerSecond.toLocaleString('en'),
      megabytes.toFixed(0),
      ratio === null ? 'the floor' : `${ratio.toFixed(2)} ×`,
      isRanges ? `≥ ${TARGET_MB_PER_SECOND} MB/s` : target === null ? '' : `≥ ${target.toFixed(1)} ×`,
      isRanges || target !== null ? verdict(isMet) : '',
    ];
  });
  return table(['reader', 'lines/s', 'MB/s', 'to its floor', 'target', ''], rows);
}

function longLogRows(long: LongLogResult | undefined): string[][] {
  if (long === undefined) return [];
  const size = `${(long.bytes / 1e9).toFixed(1)} GB`;
  return [
    [
      `peak RSS above start, ${size} by ranges in ${long.seconds.toFixed(0)} s (after a tenth of it)`,
      `${mebibytes(long.growth.whole)} (${mebibytes(long.growth.tenth)})`,
      'flat',
      '',
    ],
    [
      'the same with `--max-semi-space-size=8`',
      `${mebibytes(long.smallGrowth.whole)} (${mebibytes(long.smallGrowth.tenth)})`,
      'flat',
      '',
    ],
    [
      `resume at the end of ${size}, to the first line`,
      milliseconds(long.firstLineMs),
      '< 50 ms',
      verdict(long.firstLineMs < 50),
    ],
    [
      `resume at the end of ${size}, to the proven end`,
      milliseconds(long.completeMs),
      '< 50 ms',
      verdict(long.completeMs < 50),
    ],
  ];
}

function taskListRows(lists: TaskListResult | undefined): string[][] {
  if (lists === undefined) return [];
  const { ratio, bareMs, listTasksMs } = lists;
  return [
    [
      `\`listTasks\` of 10,000 rows (${milliseconds(listTasksMs)}) to undici + \`JSON.parse\` (${milliseconds(bareMs)})`,
      `${ratio.toFixed(2)} ×`,
      '≤ 1.2 ×',
      verdict(ratio <= 1.2),
    ],
  ];
}

function milliseconds(value: number): string {
  return `${value < 10 ? value.toFixed(1) : Math.round(value).toLocaleString('en')} ms`;
}

function mebibytes(value: number): string {
  return `${value.toFixed(0)} MiB`;
}
