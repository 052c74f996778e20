import type { Measured } from './contenders/measure.ts';
import type { Comparison, Contender } from './contenders.ts';
import type { LineKind } from './lines/log-lines.ts';
import { median } from './median.ts';
import { proveRead } from './prove-read.ts';
import type { Row } from './results.ts';
import { runProgram } from './run-program.ts';

interface ReadOptions {
  serverURL: string;
  lines: number;
  /** Read before the measurement, in the same process; 0: the measured read is the first. */
  warmUpLines: number;
}

interface ThroughputOptions extends ReadOptions {
  /** Of the server's lines. */
  kind: LineKind;
  rounds: number;
}

/** The part of a bench that measures throughput on a kind of line; its results are named after it. */
export const PART_OF: Readonly<Record<LineKind, string>> = { mix: 'throughput', plain: 'plain' };

/**
 * Each contender once a round, each time in a fresh process. Every other round goes backwards, so that a machine
 * that becomes busier favours nobody. A contender has a row for each one that it is compared with. Rates are in lines
 * as they were printed, whatever a reader makes of a progress bar.
 *
 * @throws {Error} when a contender got other lines than the log holds
 */
export async function measureThroughput(
  contenders: readonly Contender[],
  options: ThroughputOptions,
): Promise<Row[]> {
  const speeds = new Map(contenders.map(({ name }) => [name, [] as number[]]));
  for (let round = 0; round < options.rounds; round++) {
    for (const contender of round % 2 === 0 ? contenders : contenders.toReversed()) {
      speeds.get(contender.name)?.push(await speedOf(contender, options));
    }
  }
  return contenders.flatMap((contender) => {
    const rounds = speeds.get(contender.name) as number[];
    const row = rowOf(contender, rounds);
    const compared = (contender.beside ?? [])
      .filter(({ name }) => speeds.has(name))
      .map((comparison) =>
        besides(row, rounds, { ...comparison, rounds: speeds.get(comparison.name) ?? [] }),
      );
    return compared.length === 0 ? [row] : compared;
  });
}

/** Only those with a text in their names, and what they are compared with. */
export function contendersNamed(contenders: readonly Contender[], text: string): Contender[] {
  const chosen = contenders.filter(({ name }) => name.includes(text));
  const needed = new Set(
    chosen.flatMap(({ name, beside = [] }) => [name, ...beside.map(({ name }) => name)]),
  );
  return contenders.filter(({ name }) => needed.has(name));
}

/** A contender's program and arguments. */
export function commandOf({ command, server }: Contender, options: ReadOptions): string[] {
  const given: Record<string, string> = {
    '{url}': `${options.serverURL}/${server}`,
    '{lines}': String(options.lines),
    '{warmUpLines}': String(options.warmUpLines),
  };
  return command.map((part) => given[part] ?? part);
}

function rowOf({ name, by }: Contender, rounds: number[]): Row {
  const value = Math.round(median(rounds));
  return { name, value, unit: 'lines/s', ...(by !== undefined && { by }), rounds: rounds.map(Math.round) };
}

function besides(row: Row, rounds: number[], other: Comparison & { rounds: number[] }): Row {
  const ratio = median(rounds.map((speed, round) => speed / (other.rounds[round] as number)));
  const target = other.atLeast !== undefined && { target: { atLeast: other.atLeast, unit: '×' } };
  return { ...row, floor: other.name, ratio, ...target };
}

async function speedOf(contender: Contender, options: ThroughputOptions): Promise<number> {
  const { name, share = 1, delivery = 'printed' } = contender;
  const [lines, warmUpLines] = [options.lines * share, options.warmUpLines * share];
  const printed = await runProgram(commandOf(contender, { ...options, lines, warmUpLines }));
  const measured = JSON.parse(printed) as Measured;
  proveRead(name, measured, { kind: options.kind, lines, delivery });
  return (lines * 1000) / measured.milliseconds;
}
