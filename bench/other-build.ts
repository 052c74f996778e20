import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import type { Contender } from './contenders.ts';
import type { Results, Row, Table } from './results.ts';
import { runProgram } from './run-program.ts';

const BENCH = import.meta.dirname;
const ROOT = join(BENCH, '..');
/** What the programs of this bench need beside the packages. */
const SHARED = ['e2e', 'tooling'];
const NOT_COPIED = /\/(node_modules|\.venv|\.turbo|results)$/;
/** What a build may lose. */
const TOLERANCE = 0.05;
/** The longest part takes five minutes. */
const PART_TIMEOUT_MS = 1_200_000;

/**
 * Another checkout that is measured in the same run. The programs are this bench's own, copied to where they import the
 * packages of that checkout: what differs is the packages alone, and both have to prove the same lines.
 */
export class OtherBuild implements Disposable {
  /** Stands behind the name of a row: `at 4506dc9`. */
  readonly name: string;
  readonly #folder: string;

  private constructor(name: string, folder: string) {
    this.name = name;
    this.#folder = folder;
  }

  /**
   * @param checkout a folder with another version of the repository, built
   * @throws {Error} when it is not built
   */
  static of(checkout: string): OtherBuild {
    const modules = resolve(checkout, 'bench/node_modules');
    if (!existsSync(join(modules, '@raywire/agent/dist/index.js')))
      throw new Error(`${checkout} has no built packages: run pnpm install and pnpm run build there`);
    const folder = mkdtempSync(join(tmpdir(), 'raywire-bench-other-'));
    cpSync(BENCH, join(folder, 'bench'), { recursive: true, filter: (path) => !NOT_COPIED.test(path) });
    symlinkSync(modules, join(folder, 'bench/node_modules'));
    for (const shared of SHARED) symlinkSync(join(ROOT, shared), join(folder, shared));
    return new OtherBuild(`at ${commitOf(checkout)}`, folder);
  }

  /** A file of this bench as it stands beside the other packages; anything else as it is. */
  path(file: string): string {
    return file.startsWith(`${BENCH}/`) ? join(this.#folder, 'bench', file.slice(BENCH.length)) : file;
  }

  /**
   * Each reader of Raywire's twice, one build right after the other.
   *
   * @param others the same contenders, where the other build reads from somewhere else
   */
  interleave(contenders: readonly Contender[], others: readonly Contender[] = contenders): Contender[] {
    return contenders.flatMap((contender, index) => {
      if (contender.by !== 'raywire') return [contender];
      const { by, beside = [], command, ...rest } = others[index] as Contender;
      const name = `${contender.name}, ${this.name}`;
      return [
        { ...contender, beside: [...beside, { name, atLeast: 1 - TOLERANCE }] },
        {
          ...rest,
          name,
          command: command.map((part) => this.path(part)),
          beside: beside.slice(0, 1).map(({ name }) => ({ name })),
        },
      ];
    });
  }

  /**
   * A table with each row beside that of the other build, which is measured now, by the same bench.
   *
   * @param bench its program, such as `gateway/bench.ts`
   * @param options those that choose what was measured here
   */
  async beside(table: Table, results: string, bench: string, options: readonly string[]): Promise<Table> {
    const folder = join(this.#folder, 'results');
    const command = [process.execPath, join(this.#folder, 'bench', bench), ...options, '--results', folder];
    await runProgram(command, PART_TIMEOUT_MS);
    const { rows } = JSON.parse(readFileSync(join(folder, `${results}.json`), 'utf8')) as Results;
    // A row that is compared twice stands there twice.
    const isLast = (row: Row, index: number): boolean => table.rows[index + 1]?.name !== row.name;
    return {
      ...table,
      rows: table.rows.flatMap((row, index) => [
        row,
        ...(isLast(row, index) ? this.#besides(row, rows) : []),
      ]),
    };
  }

  [Symbol.dispose](): void {
    rmSync(this.#folder, { recursive: true });
  }

  #besides(row: Row, others: readonly Row[]): Row[] {
    const other = others.find(({ name }) => name === row.name);
    if (other === undefined) return [];
    const { name, value, unit, by } = row;
    const floor = `${name}, ${this.name}`;
    const bounds: Record<string, Row['target']> = {
      ms: { atMost: 1 + TOLERANCE, unit: '×' },
      'lines/s': { atLeast: 1 - TOLERANCE, unit: '×' },
    };
    const target = bounds[unit];
    return [
      {
        ...{ name, value, unit, floor, ratio: value / other.value },
        ...(by !== undefined && { by }),
        ...(target !== undefined && { target }),
      },
      { name: floor, value: other.value, unit },
    ];
  }
}

/** The commit of a checkout, or the name of its folder where git does not know. */
function commitOf(checkout: string): string {
  const describe = ['-C', checkout, 'describe', '--always', '--dirty', '--abbrev=7'];
  const { status, stdout } = spawnSync('git', describe, { encoding: 'utf8' });
  return status === 0 ? stdout.trim() : basename(resolve(checkout));
}
