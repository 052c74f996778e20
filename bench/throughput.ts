import type { Measured } from './contenders/measure.ts';
import type { Contender } from './contenders.ts';
import { median } from './median.ts';
import { runProgram } from './run-program.ts';

/** What one contender reached. */
export interface Throughput {
  name: string;
  /** Median of the rounds. */
  linesPerSecond: number;
  /** To its floor in the same round; the median of the rounds. */
  ratio: number | null;
  target: number | null;
  /** Of each round, in order. */
  rounds: number[];
}

interface ThroughputOptions {
  serverURL: string;
  lines: number;
  /** Read before the measurement, in the same process. */
  warmUpLines: number;
}

/**
 * Each contender once a round, each time in a fresh process. Every other round goes backwards, so that a machine
 * that becomes busier favours nobody.
 */
export async function measureThroughput(
  contenders: readonly Contender[],
  options: ThroughputOptions & { rounds: number },
): Promise<Throughput[]> {
  const speeds = new Map(contenders.map(({ name }) => [name, [] as number[]]));
  for (let round = 0; round < options.rounds; round++) {
    for (const contender of round % 2 === 0 ? contenders : contenders.toReversed()) {
      speeds.get(contender.name)?.push(await speedOf(contender, options));
    }
  }
  return contenders.map(({ name, floor, target }) => {
    const rounds = speeds.get(name) as number[];
    const floors = floor === undefined ? undefined : speeds.get(floor);
    const ratios =
      floors === undefined ? [] : rounds.map((speed, round) => speed / (floors[round] as number));
    return {
      name,
      linesPerSecond: Math.round(median(rounds)),
      ratio: floors === undefined ? null : median(ratios),
      target: target ?? null,
      rounds: rounds.map(Math.round),
    };
  });
}

async function speedOf(contender: Contender, options: ThroughputOptions): Promise<number> {
  const given: Record<string, string> = {
    '{url}': `${options.serverURL}/${contender.server}`,
    '{lines}': String(options.lines),
    '{warmUpLines}': String(options.warmUpLines),
  };
  const printed = await runProgram(contender.command.map((part) => given[part] ?? part));
  const { lines, milliseconds } = JSON.parse(printed) as Measured;
  return (lines * 1000) / milliseconds;
}
