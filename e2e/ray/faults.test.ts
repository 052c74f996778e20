import type { LogTransport } from '@raywire/core';
import type {
  DashboardClient,
  DashboardClientOptions,
  LogTail,
  TailEvent,
  TailOptions,
} from '@raywire/dashboard';
import { httpTransport } from '@raywire/transport-http';
import { describe, inject, it, type TestContext } from 'vitest';
import { canonicalLines, driverLog, exactLines, jobCommand, newClient } from './ray-suite.ts';
import { TcpProxy } from './tcp-proxy.ts';

/** A cluster behind proxies of one test's own, and a client that goes through them. */
interface Laboratory {
  head: TcpProxy;
  agent: TcpProxy;
  client(options?: DashboardClientOptions): DashboardClient;
  /** The HTTP transport, led through the proxy where it asks the node agent. */
  throughProxy(): LogTransport;
}

async function laboratory(onTestFinished: TestContext['onTestFinished']): Promise<Laboratory> {
  const head = await TcpProxy.to(inject('address'));
  const agent = await TcpProxy.to(inject('agentAddress'));
  const clients: DashboardClient[] = [];
  onTestFinished(async () => {
    await Promise.all(clients.map((client) => client.close()));
    await Promise.all([head.close(), agent.close()]);
  });
  const throughProxy = (): LogTransport => {
    const inner = httpTransport();
    const { origin } = new URL(inject('agentAddress'));
    return {
      contractVersion: 1,
      name: 'http',
      wire: 'http',
      open: (request) => inner.open({ ...request, url: request.url.replace(origin, agent.url) }),
      close: () => inner.close?.() ?? Promise.resolve(),
    };
  };
  const client = (options: DashboardClientOptions = {}): DashboardClient => {
    const made = newClient({ address: head.url, transports: [throughProxy()], ...options });
    clients.push(made);
    return made;
  };
  return { head, agent, client, throughProxy };
}

async function start(entrypoint: string): Promise<string> {
  const client = newClient();
  const { submission_id: jobId } = await client.submitJob({ entrypoint });
  await client.close();
  return jobId;
}

/** What it reads, and by which sources. */
async function readAll(
  tail: (onEvent: (event: TailEvent) => void) => LogTail,
  onLine?: (count: number) => void,
) {
  const sources: string[] = [];
  const opened = tail((event) => {
    if (event.type === 'connect') sources.push(event.source);
  });
  const lines: string[] = [];
  for await (const line of opened) {
    lines.push(line);
    onLine?.(lines.length);
  }
  return { lines, sources, end: await opened.end };
}

interface Way {
  name: string;
  options: TailOptions;
  nodeAgents: boolean | undefined;
  lines: typeof exactLines;
  /** Ray's WebSocket says nothing in its first second. */
  cutEveryMs: number;
}

const ways: Way[] = [
  {
    name: 'ranges',
    options: { protocol: 'http' },
    nodeAgents: undefined,
    lines: exactLines,
    cutEveryMs: 500,
  },
  { name: 'files', options: { protocol: 'http' }, nodeAgents: false, lines: exactLines, cutEveryMs: 500 },
  {
    name: 'the WebSocket',
    options: { protocol: 'websocket' },
    nodeAgents: undefined,
    lines: canonicalLines,
    cutEveryMs: 2_500,
  },
];

describe.concurrent.each(ways)('a tail by $name', ({ options, nodeAgents, lines, cutEveryMs }) => {
  const reconnect = { initialDelayMs: 50, maxDelayMs: 200 };

  it('loses and repeats nothing when its connections are cut again and again', async ({
    expect,
    onTestFinished,
  }) => {
    const { head, agent, client } = await laboratory(onTestFinished);
    const jobId = await start(jobCommand('ticks.py', 8));
    let cuts = 0;
    const cutting = setInterval(() => {
      cuts++;
      head.cut();
      agent.cut();
    }, cutEveryMs);
    onTestFinished(() => clearInterval(cutting));
    const reader = client({ nodeAgents, reconnect });
    const read = await readAll(
      (onEvent) => reader.tailJobLogs(jobId, { carriageReturn: 'keep', ...options, onEvent }),
      // Whoever replays from the start must get through once.
      (count) => count === 120 && clearInterval(cutting),
    );
    expect(cuts).toBeGreaterThan(1);
    expect(read.lines).toEqual(lines(driverLog(jobId)));
    expect(read.end).toMatchObject({ reason: 'complete', exitCode: 0 });
  });

  it('loses and repeats nothing when what comes is cut in the middle', async ({ expect, onTestFinished }) => {
    const { head, agent, client } = await laboratory(onTestFinished);
    const jobId = await start(`${jobCommand('bars.py', 4)} && ${jobCommand('lines.py', 5_000)}`);
    head.cutAfterBytes = 40_000;
    agent.cutAfterBytes = 40_000;
    const reader = client({ nodeAgents, reconnect });
    const read = await readAll((onEvent) =>
      reader.tailJobLogs(jobId, { carriageReturn: 'keep', ...options, onEvent }),
    );
    expect(head.cuts + agent.cuts).toBeGreaterThan(0);
    expect(read.lines).toEqual(lines(driverLog(jobId)));
    expect(read.end).toMatchObject({ reason: 'complete', exitCode: 0 });
  });

  it('is whole behind a slow way', async ({ expect, onTestFinished }) => {
    const { head, agent, client } = await laboratory(onTestFinished);
    head.delayMs = 30;
    agent.delayMs = 30;
    const jobId = await start(jobCommand('lines.py', 2_000));
    const reader = client({ nodeAgents });
    const read = await readAll((onEvent) =>
      reader.tailJobLogs(jobId, { carriageReturn: 'keep', ...options, onEvent }),
    );
    expect(read.lines).toEqual(lines(driverLog(jobId)));
  });
});

/** Lines of either kind, as Ray's WebSocket would have them. */
function canonical(lines: string[]): string[] {
  return lines.flatMap((line) => line.split('\r'));
}

describe.concurrent('a tail', () => {
  it('goes on by the next way, at the same place, when the node agent is gone', async ({
    expect,
    onTestFinished,
  }) => {
    const { agent, client } = await laboratory(onTestFinished);
    const jobId = await start(jobCommand('ticks.py', 6));
    const reader = client();
    const { lines, sources } = await readAll(
      (onEvent) => reader.tailJobLogs(jobId, { carriageReturn: 'keep', onEvent }),
      (count) => count === 30 && agent.refuse(),
    );
    expect(sources[0]).toBe('dashboard-ranges');
    expect(sources.at(-1)).toBe('dashboard-websocket');
    expect(lines).toEqual(exactLines(driverLog(jobId)));
  });

  it('goes from ranges to the WebSocket and on to files behind progress bars and Windows line ends', async ({
    expect,
    onTestFinished,
  }) => {
    const { agent, client } = await laboratory(onTestFinished);
    const jobId = await start(jobCommand('bars.py', 20, 'bad'));
    const reader = client();
    const { lines, sources, end } = await readAll(
      (onEvent) => reader.tailJobLogs(jobId, { carriageReturn: 'keep', onEvent }),
      (count) => count === 8 && agent.refuse(),
    );
    expect([...new Set(sources)]).toEqual(['dashboard-ranges', 'dashboard-websocket', 'dashboard-files']);
    expect(canonical(lines)).toEqual(canonical(exactLines(driverLog(jobId))));
    // What the exact sources gave is exact.
    expect(lines.slice(0, 8)).toEqual(exactLines(driverLog(jobId)).slice(0, 8));
    expect(lines.at(-2)).toBe(exactLines(driverLog(jobId)).at(-2));
    expect(end).toMatchObject({ reason: 'complete', exitCode: 0 });
  });

  it('asks at most twice a second when idle, and keeps its connection', async ({
    expect,
    onTestFinished,
  }) => {
    const { agent, client, throughProxy } = await laboratory(onTestFinished);
    const asked: number[] = [];
    // The tail's own requests are told, too.
    const onRequest = (): number => asked.push(performance.now());
    const jobId = await start(jobCommand('silence.py', 18));
    const reader = client({ transports: [throughProxy()], onRequest });
    let before = 0;
    let from = 0;
    for await (const line of reader.tailJobLogs(jobId)) {
      if (line === 'before') from = before = performance.now();
      if (line === 'after') before -= performance.now();
    }
    // It takes a few seconds to ease.
    const idle = asked.filter((time) => time > from + 8_000 && time < from + 16_000).length;
    expect(idle / 8).toBeLessThanOrEqual(2);
    expect(before).toBeLessThan(-15_000);
    // Whether the file was rotated is looked at beside the first read.
    expect(agent.connections).toBeLessThanOrEqual(3);
  });
});
