import { median } from '../median.ts';
import { runProgram } from '../run-program.ts';
import type { LongLog } from './contenders/long-log.ts';
import type { Resumed } from './contenders/resume.ts';

/** A log of gigabytes by ranges. */
export interface LongLogResult {
  bytes: number;
  seconds: number;
  startMiB: number;
  /** Peak RSS above that before the tail. */
  growthMiB: number;
  /** From the call to the first line, and to the proven end, when resumed just before the end. Medians. */
  firstLineMs: number;
  completeMs: number;
}

const RESUMES = 15;
const LINE_AND_NEWLINE_BYTES = 101;
const MEBIBYTE = 1024 * 1024;

/** Reads all but the last lines, and resumes there in processes that have read nothing of it. */
export async function measureLongLog(address: string, lines: number): Promise<LongLogResult> {
  const program = (name: string) => [
    process.execPath,
    `${import.meta.dirname}/contenders/${name}.ts`,
    address,
  ];
  const long = JSON.parse(await runProgram([...program('long-log'), String(lines)], 240_000)) as LongLog;
  const resume = [...program('resume'), String(RESUMES), JSON.stringify(long.cursor)];
  const { firstLine, complete } = JSON.parse(await runProgram(resume)) as Resumed;
  return {
    bytes: lines * LINE_AND_NEWLINE_BYTES,
    seconds: long.seconds,
    startMiB: long.startBytes / MEBIBYTE,
    growthMiB: (long.peakBytes - long.startBytes) / MEBIBYTE,
    firstLineMs: median(firstLine),
    completeMs: median(complete),
  };
}
