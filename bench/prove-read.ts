import type { Measured } from './contenders/measure.ts';
import { type Delivery, expectedDigest, expectedRead } from './lines/expected-read.ts';
import type { LineKind } from './lines/log-lines.ts';

/** The log that was read, and how its reader hands on lines. */
export interface ReadLog {
  kind: LineKind;
  /** As printed. */
  lines: number;
  delivery: Delivery;
}

/**
 * A contender has to show that it got every line as it is: what it counted in the measured log, and a digest of each
 * distinct line. One that does not tell lines apart has to have counted their bytes.
 *
 * @throws {Error} when it got something else, or shows too little
 */
export function proveRead(name: string, measured: Measured, { kind, lines, delivery }: ReadLog): void {
  const expected: Record<string, number | string> = {
    ...expectedRead(kind, lines, delivery),
    digest: expectedDigest(kind, delivery),
  };
  if (measured.digest === undefined && measured.bytes === undefined)
    throw new Error(`${name} shows neither a digest nor the bytes of what it read`);
  for (const [fact, value] of Object.entries(measured)) {
    if (fact in expected && value !== expected[fact])
      throw new Error(
        `${name} got ${value} as the ${fact} of ${lines} lines (${kind}), not ${expected[fact]}`,
      );
  }
}
