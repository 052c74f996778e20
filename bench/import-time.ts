import { median } from './median.ts';
import { runProgram } from './run-program.ts';

/** What the import of `@raywire/agent` adds to a bare process. */
export interface ImportTime {
  bareMilliseconds: number;
  importMilliseconds: number;
  /** Median of the differences of neighbouring runs. */
  addedMilliseconds: number;
  targetMilliseconds: number;
}

/** Spawns both programs in turn: what the machine does besides falls on both. */
export async function measureImportTime(pairs: number): Promise<ImportTime> {
  const bare: number[] = [];
  const imported: number[] = [];
  for (let pair = 0; pair < pairs; pair++) {
    bare.push(await timeOf('import-nothing'));
    imported.push(await timeOf('import-agent'));
  }
  return {
    bareMilliseconds: median(bare),
    importMilliseconds: median(imported),
    addedMilliseconds: median(imported.map((time, pair) => time - (bare[pair] as number))),
    targetMilliseconds: 25,
  };
}

async function timeOf(program: string): Promise<number> {
  const start = performance.now();
  await runProgram([process.execPath, `${import.meta.dirname}/contenders/${program}.ts`]);
  return performance.now() - start;
}
