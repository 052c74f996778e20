/** What a tail gave, and how it ended. */
export interface Collected<End> {
  lines: string[];
  error: unknown;
  end: End;
}

/** Reads a tail to its end, whichever that is. */
export async function collect<End>(
  tail: AsyncIterable<string> & { readonly end: Promise<End> },
): Promise<Collected<End>> {
  const lines: string[] = [];
  let error: unknown;
  try {
    for await (const line of tail) lines.push(line);
  } catch (thrown) {
    error = thrown;
  }
  return { lines, error, end: await tail.end };
}
