import type { Treatment } from '@raywire/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DASHBOARD_SOURCES, openDashboardLaboratory } from './lab/dashboard-laboratory.js';
import { openLaboratory, type TailLaboratory } from './lab/laboratory.js';
import { readInTurns } from './lab/read-in-turns.js';
import { linesOf, onTerminal } from './lab/sample-log.js';
import type { Reader } from './lab/schedule.js';
import { difference } from './lab/sweep.js';

/** Lines that a client reads in pieces: 64 Ki characters are where it begins to fold them. */
const text = [
  `${'x'.repeat(65_535)}\r\n`,
  `${'é字𝒳'.repeat(17_000)}\rover\r${'y'.repeat(70_000)}\rit\n`,
  'short\n',
  `${'a step\r'.repeat(10_000)}\r\r\n`,
  `${'z'.repeat(65_536)}\r${'an end without a newline 🏁'.repeat(3_000)}\r`,
].join('');
const size = Buffer.byteLength(text);

/** Reads one item, and leaves. */
const hasty: Reader = { by: 'lines', pauseEvery: 9, pauseMs: -1, take: 1, leaveBy: 'break' };

const servers = [
  { name: 'gateway', wires: ['websocket', 'http'], lastOf: 'gateway', open: () => openLaboratory('gateway') },
  {
    name: 'old agent',
    wires: ['websocket', 'http'],
    lastOf: 'old agent',
    open: () => openLaboratory('old agent'),
  },
  { name: 'Ray cluster', wires: ['http'], lastOf: 'old agent', open: openDashboardLaboratory },
] as const;

describe.each(servers)('huge lines of a $name, over cuts', ({ name, wires, lastOf, open }) => {
  let laboratory: TailLaboratory;
  beforeAll(async () => {
    laboratory = await open();
  });
  afterAll(() => laboratory.close());

  async function tailOver(cuts: number[], protocol: string, carriageReturn: 'keep' | 'collapse') {
    const parts = { readBytes: 50_000, growBytes: 90_000 };
    const jobId = laboratory.addJob({ text, life: 'running', gateway: parts, dashboard: parts });
    const treatments = cuts.map((after): Treatment => ({ cut: { after, how: 'reset' } }));
    const logs = name === 'Ray cluster' ? DASHBOARD_SOURCES.map((source) => `${source}/${jobId}`) : [jobId];
    for (const log of logs) laboratory.proxy.plan(log, treatments);
    const { lines, end } = await readInTurns(
      (options) => laboratory.newClient({ heartbeat: { intervalMs: 500, timeoutMs: 2_000 }, ...options }),
      jobId,
      [hasty, hasty, hasty],
      { protocol, carriageReturn, streamLimits: { maxMessageSize: 2_000_000 } },
    );
    laboratory.removeJob(jobId);
    const kept = linesOf(text, lastOf);
    const problem = difference(lines, carriageReturn === 'keep' ? kept : onTerminal(kept));
    return end.reason === 'complete' ? problem?.slice(0, 200) : `ended as ${end.reason}`;
  }

  it.each(wires)('come whole, once and in order, by %s', async (protocol) => {
    const problems: (string | undefined)[] = [];
    for (const [index, carriageReturn] of (['keep', 'collapse', 'keep', 'collapse'] as const).entries()) {
      const after = Math.floor(((index + 0.4) * size) / 4);
      problems.push(await tailOver([after, size - after, after], protocol, carriageReturn));
    }
    expect(problems.filter((problem) => problem !== undefined)).toEqual([]);
  });
});
