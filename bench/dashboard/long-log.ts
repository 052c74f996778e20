import { median } from '../median.ts';
import type { Row } from '../results.ts';
import { runProgram } from '../run-program.ts';
import type { LongLog } from './contenders/long-log.ts';
import type { Resumed } from './contenders/resume.ts';

const RESUMES = 15;
const RESUMES_WITHIN = { atMost: 50, unit: 'ms' };
const SMALL_YOUNG_GENERATION = '--max-semi-space-size=8';

/** Reads all but the last lines, and resumes there in clients that have read nothing of it. */
export async function measureLongLog(address: string, lines: number): Promise<Row[]> {
  const long = await readLongLog(address, lines);
  const small = await readLongLog(address, lines, SMALL_YOUNG_GENERATION);
  const resume = [...command('resume'), address, String(RESUMES), JSON.stringify(long.cursor)];
  const { firstLine, complete } = JSON.parse(await runProgram(resume)) as Resumed;
  const resumed = 'resumed just before the end';
  return [
    ...growthOf('', long),
    ...growthOf(`, ${SMALL_YOUNG_GENERATION}`, small),
    { name: `${resumed}, to the first line`, value: median(firstLine), unit: 'ms', target: RESUMES_WITHIN },
    { name: `${resumed}, to the proven end`, value: median(complete), unit: 'ms', target: RESUMES_WITHIN },
  ];
}

async function readLongLog(address: string, lines: number, ...flags: string[]): Promise<LongLog> {
  const printed = await runProgram([...command('long-log', ...flags), address, String(lines)], 240_000);
  return JSON.parse(printed) as LongLog;
}

/** Peak RSS above that before the tail: flat when a tenth of the log costs as much as all of it. */
function growthOf(flags: string, { startBytes, tenthPeakBytes, peakBytes }: LongLog): Row[] {
  const name = `peak RSS above the idle client${flags}`;
  const tenth = { name: `${name}, a tenth of it`, value: (tenthPeakBytes - startBytes) / 1e6, unit: 'MB' };
  const value = (peakBytes - startBytes) / 1e6;
  const ratio = value / tenth.value;
  return [tenth, { name: `${name}, all of it`, value, unit: 'MB', floor: tenth.name, ratio }];
}

function command(name: string, ...flags: string[]): string[] {
  return [process.execPath, ...flags, `${import.meta.dirname}/contenders/${name}.ts`];
}
