/** What the program prints: one line of JSON. */
export interface MemoryUse {
  lines: number;
  /** Before anything was sent. */
  coldBytes: number;
  /** Before the long log, after a short one. */
  startBytes: number;
  /** The kernel's own mark, so that no peak is missed. */
  peakBytes: number;
}

/** A client of some make. */
export interface SlowReader {
  /** Reads a log to its end; after each line, `onLine` says how many milliseconds to pause, if any. */
  read(jobId: string, onLine: () => number | undefined): Promise<void>;
  close(): Promise<void>;
}

const PAUSES = 20;
const PAUSE_MS = 150;

/** Reads a long log with pauses now and then. Arguments of the program: <base URL> <lines> websocket|http */
export async function measureSlowReader(
  readerOf: (baseURL: string, wire: string) => SlowReader,
): Promise<void> {
  const [baseURL = '', count = '', wire = ''] = process.argv.slice(2);
  const reader = readerOf(baseURL, wire);
  const coldBytes = process.memoryUsage.rss();
  await reader.read('lines-1000', () => undefined);
  const startBytes = process.memoryUsage.rss();
  const pauseEvery = Math.ceil(Number(count) / PAUSES);
  let lines = 0;
  await reader.read(`lines-${count}`, () => {
    lines += 1;
    return lines % pauseEvery === 0 ? PAUSE_MS : undefined;
  });
  await reader.close();
  const use: MemoryUse = { lines, coldBytes, startBytes, peakBytes: process.resourceUsage().maxRSS * 1024 };
  process.stdout.write(`${JSON.stringify(use)}\n`);
}
