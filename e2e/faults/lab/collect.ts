import type { LogTail, TailEnd } from '@raywire/agent';

/** What a tail gave, and how it ended. */
export interface Collected {
  lines: string[];
  error: unknown;
  end: TailEnd;
}

/** Reads a tail to its end, whichever that is. */
export async function collect(tail: LogTail): Promise<Collected> {
  const lines: string[] = [];
  let error: unknown;
  try {
    for await (const line of tail) lines.push(line);
  } catch (thrown) {
    error = thrown;
  }
  return { lines, error, end: await tail.end };
}

/** A value as it comes back from a file or another process. */
export function throughJson<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}
