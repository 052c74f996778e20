import type { Measured } from './contenders/measure.ts';
import type { Comparison, Contender } from './contenders.ts';
import { median } from './median.ts';
import type { Row } from './results.ts';
import { runProgram } from './run-program.ts';

interface ThroughputOptions {
  serverURL: string;
  lines: number;
  /** Read before the measurement, in the same process. */
  warmUpLines: number;
}

/**
 * Each contender once a round, each time in a fresh process. Every other round goes backwards, so that a machine
 * that becomes busier favours nobody. A contender has a row for each one that it is compared with.
 */
export async function measureThroughput(
  contenders: readonly Contender[],
  options: ThroughputOptions & { rounds: number },
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
  const { share = 1 } = contender;
  const given: Record<string, string> = {
    '{url}': `${options.serverURL}/${contender.server}`,
    '{lines}': String(options.lines * share),
    '{warmUpLines}': String(options.warmUpLines * share),
  };
  const printed = await runProgram(contender.command.map((part) => given[part] ?? part));
  const { lines, milliseconds } = JSON.parse(printed) as Measured;
  return (lines * 1000) / milliseconds;
}
