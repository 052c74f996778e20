import { median } from '../median.ts';
import { runProgram } from '../run-program.ts';
import type { LongLog } from './contenders/long-log.ts';
import type { Resumed } from './contenders/resume.ts';

/** A log of gigabytes by ranges. */
export interface LongLogResult {
  bytes: number;
  seconds: number;
  /** Peak RSS above that before the tail, as Node comes and with V8's young generation kept small. */
  growth: Growth;
  smallGrowth: Growth;
  /** From the call to the first line, and to the proven end, when resumed just before the end. Medians. */
  firstLineMs: number;
  completeMs: number;
}

/** In MiB: after a tenth of the log, and in the end. */
export interface Growth {
  tenth: number;
  whole: number;
}

const RESUMES = 15;
const SMALL_YOUNG_GENERATION = '--max-semi-space-size=8';
const LINE_AND_NEWLINE_BYTES = 101;
const MEBIBYTE = 1024 * 1024;

/** Reads all but the last lines, and resumes there in clients that have read nothing of it. */
export async function measureLongLog(address: string, lines: number): Promise<LongLogResult> {
  const long = await readLongLog(address, lines);
  const small = await readLongLog(address, lines, SMALL_YOUNG_GENERATION);
  const resume = [...command('resume'), address, String(RESUMES), JSON.stringify(long.cursor)];
  const { firstLine, complete } = JSON.parse(await runProgram(resume)) as Resumed;
  return {
    bytes: lines * LINE_AND_NEWLINE_BYTES,
    seconds: long.seconds,
    growth: growthOf(long),
    smallGrowth: growthOf(small),
    firstLineMs: median(firstLine),
    completeMs: median(complete),
  };
}

async function readLongLog(address: string, lines: number, ...flags: string[]): Promise<LongLog> {
  const printed = await runProgram([...command('long-log', ...flags), address, String(lines)], 240_000);
  return JSON.parse(printed) as LongLog;
}

function growthOf({ startBytes, tenthPeakBytes, peakBytes }: LongLog): Growth {
  return { tenth: (tenthPeakBytes - startBytes) / MEBIBYTE, whole: (peakBytes - startBytes) / MEBIBYTE };
}

function command(name: string, ...flags: string[]): string[] {
  return [process.execPath, ...flags, `${import.meta.dirname}/contenders/${name}.ts`];
}
