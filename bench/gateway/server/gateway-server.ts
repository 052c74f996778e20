// A gateway with the local driver in a process of its own. To any message it answers what it has used so far.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createGateway, localDriver } from '@raywire/gateway';

/** What the process has used since it started. */
export interface ProcessUse {
  rssBytes: number;
  /** The kernel's own mark, so that no peak is missed. */
  peakRssBytes: number;
  /** Of all its threads, without the jobs. */
  cpuMilliseconds: number;
}

const directory = await mkdtemp(join(tmpdir(), 'raywire-bench-'));
const gateway = createGateway({ driver: localDriver({ directory }), token: 'bench' });
await gateway.listen();

function use(): ProcessUse {
  const { user, system } = process.cpuUsage();
  return {
    rssBytes: process.memoryUsage.rss(),
    peakRssBytes: process.resourceUsage().maxRSS * 1024,
    cpuMilliseconds: (user + system) / 1000,
  };
}

process.on('message', () => process.send?.(use()));
process.on('disconnect', async () => {
  await gateway.close();
  await rm(directory, { recursive: true, force: true });
  process.exit();
});
process.send?.({ port: Number(new URL(gateway.url).port), directory });
