import { table, verdict } from '../report.ts';
import type { Throughput } from '../throughput.ts';
import type { Latency } from './latency.ts';
import type { TailMemoryResult } from './tail-memory.ts';
import type { ManyViewers } from './viewers.ts';

/** All that one run of the bench found; `--json` writes it. What was not chosen is not there. */
export interface GatewayReport {
  date: string;
  node: string;
  processor: string;
  cores: number;
  /** One-minute load average before the run: other work on the machine makes everything slower. */
  loadAtStart: number;
  latencies?: Latency[];
  viewers?: ManyViewers[];
  throughput?: Throughput[];
  tailMemory?: TailMemoryResult[];
}

const KIBIBYTE = 1024;
const MEBIBYTE = 1024 * 1024;

/** The report as Markdown. */
export function markdownOf(report: GatewayReport): string {
  const { latencies, viewers, throughput, tailMemory } = report;
  const parts = [
    `Node ${report.node}, ${report.cores} cores (${report.processor}), load before the run ${report.loadAtStart.toFixed(1)}.`,
  ];
  if (latencies !== undefined) parts.push(latencyTable(latencies));
  if (viewers !== undefined) parts.push(viewersTable(viewers));
  if (throughput !== undefined) parts.push(throughputTable(throughput));
  if (tailMemory !== undefined) parts.push(tailMemoryTable(tailMemory));
  return parts.join('\n\n');
}

function latencyTable(latencies: Latency[]): string {
  const rows = latencies.map(({ name, lines, linesPerSecond, p50, p99, highest, targetMs }) => [
    `${name}, ${linesPerSecond.toLocaleString('en')} lines/s, ${lines.toLocaleString('en')} lines`,
    `${p50.toFixed(2)} ms`,
    `${p99.toFixed(2)} ms`,
    `${highest.toFixed(1)} ms`,
    targetMs === null ? '' : `p99 < ${targetMs} ms`,
    targetMs === null ? '' : verdict(p99 < targetMs),
  ]);
  return table(["from a job's `print` to the reader's loop", 'p50', 'p99', 'highest', 'target', ''], rows);
}

function viewersTable(viewers: ManyViewers[]): string {
  const rows = viewers.flatMap((result) => {
    const { wire, flags, linesPerSecond, deliveredPerSecond, deliveredTarget, bytesTarget } = result;
    const rate =
      linesPerSecond === null ? 'as fast as it can' : `${linesPerSecond.toLocaleString('en')} lines/s`;
    const name = [
      `${result.viewers.toLocaleString('en')} viewers, ${wire}, a job that prints ${rate}`,
      ...flags,
    ].join(', ');
    const kibibytes = (bytes: number) => `${(bytes / KIBIBYTE).toFixed(1)} KiB`;
    return [
      [
        `${name}: lines/s of all (${result.megabytesPerSecond.toFixed(0)} MB/s for ${result.seconds.toFixed(1)} s; ` +
          `cores: gateway ${result.gatewayCores.toFixed(2)}, viewers ${result.viewersCores.toFixed(2)})`,
        Math.round(deliveredPerSecond).toLocaleString('en'),
        `≥ ${deliveredTarget.toLocaleString('en')}`,
        verdict(deliveredPerSecond >= deliveredTarget),
      ],
      [
        `${name}: RSS of each, peak (quiet before it: ${kibibytes(result.quietBytes)})`,
        kibibytes(result.peakBytes),
        `< ${bytesTarget / KIBIBYTE} KiB`,
        verdict(result.peakBytes < bytesTarget),
      ],
    ];
  });
  return table(['', 'measured', 'target', ''], rows);
}

function throughputTable(throughput: Throughput[]): string {
  const rows = throughput.map(({ name, linesPerSecond, ratio, target }) => [
    name,
    linesPerSecond.toLocaleString('en'),
    ratio === null ? 'the floor' : `${ratio.toFixed(2)} ×`,
    target === null ? '' : `≥ ${target.toFixed(1)} ×`,
    target === null || ratio === null ? '' : verdict(ratio >= target),
  ]);
  return table(['one reader of a gateway', 'lines/s', 'to its floor', 'target', ''], rows);
}

function tailMemoryTable(results: TailMemoryResult[]): string {
  const rows = results.map(({ wire, flags, lines, linesPerSecond, growthBytes, targetBytes }) => [
    [
      `${wire}, ${lines.toLocaleString('en')} lines`,
      linesPerSecond === null ? 'as fast as they are read' : `${linesPerSecond.toLocaleString('en')} lines/s`,
      ...flags,
    ].join(', '),
    `${(growthBytes / MEBIBYTE).toFixed(1)} MiB`,
    `< ${targetBytes / MEBIBYTE} MiB`,
    verdict(growthBytes < targetBytes),
  ]);
  return table(['peak RSS of one tail, above the idle client', 'measured', 'target', ''], rows);
}
