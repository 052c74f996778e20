import { parseArgs } from 'node:util';

/** How long a bench takes: `full` for the README, `quick` to look, `tiny` to see that all of it still runs. */
export type Size = 'full' | 'quick' | 'tiny';

/** What the command line of a bench says. */
export interface BenchOptions {
  size: Size;
  /** Throughput is that of the first read in a process. */
  cold: boolean;
  /** Leaves out all but the readers with this in their names, and what they are compared with. */
  reader: string;
  python: boolean;
  /** The folder of another checkout that is measured beside this one. */
  against: string | undefined;
  /** Where results are written; `undefined`: nowhere. */
  folder: string | undefined;
  isChosen(part: string): boolean;
  /** Options that choose one part alone, of the same size. */
  only(part: string): string[];
}

const RESULTS = `${import.meta.dirname}/results`;

/**
 * Reads `[--quick|--tiny] [--cold] [--only <part>,…] [--reader <part of a name>] [--without-python]
 * [--against <checkout>] [--results <folder>]`. Results go to bench/results when the run is a full one, unless a folder is named.
 *
 * @param parts what `--only` can choose
 * @throws {TypeError} when there is no such option
 * @throws {RangeError} when there is no such part
 */
export function benchOptions(parts: readonly string[]): BenchOptions {
  const { values } = parseArgs({
    options: {
      quick: { type: 'boolean', default: false },
      tiny: { type: 'boolean', default: false },
      cold: { type: 'boolean', default: false },
      only: { type: 'string' },
      reader: { type: 'string', default: '' },
      'without-python': { type: 'boolean', default: false },
      against: { type: 'string' },
      results: { type: 'string' },
    },
  });
  const { quick, tiny, cold, reader, against } = values;
  const python = !values['without-python'];
  const chosen = values.only?.split(',') ?? parts;
  const unknown = chosen.find((part) => !parts.includes(part));
  if (unknown !== undefined) throw new RangeError(`no part ${unknown}; there are: ${parts.join(', ')}`);
  const isWhole = !quick && !tiny && !cold && reader === '' && python && against === undefined;
  const size = tiny ? 'tiny' : quick ? 'quick' : 'full';
  return {
    ...{ size, cold, reader, python, against },
    folder: values.results ?? (isWhole ? RESULTS : undefined),
    isChosen: (part) => chosen.includes(part),
    only: (part) => ['--only', part, ...(size === 'full' ? [] : [`--${size}`])],
  };
}
