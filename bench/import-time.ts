import { median } from './median.ts';
import type { Row } from './results.ts';
import { runProgram } from './run-program.ts';

/**
 * What the import of `@raywire/agent` adds to a bare process. Spawns both programs in turn: what the machine does
 * besides falls on both.
 */
export async function measureImportTime(pairs: number): Promise<Row[]> {
  const bare: number[] = [];
  const imported: number[] = [];
  for (let pair = 0; pair < pairs; pair++) {
    bare.push(await timeOf('import-nothing'));
    imported.push(await timeOf('import-agent'));
  }
  return [
    { name: 'bare Node, start to end', value: median(bare), unit: 'ms' },
    {
      name: 'import of `@raywire/agent`, above bare Node',
      // Of the differences of neighbouring runs.
      value: median(imported.map((time, pair) => time - (bare[pair] as number))),
      unit: 'ms',
      target: { atMost: 25, unit: 'ms' },
    },
  ];
}

async function timeOf(program: string): Promise<number> {
  const start = performance.now();
  await runProgram([process.execPath, `${import.meta.dirname}/contenders/${program}.ts`]);
  return performance.now() - start;
}
