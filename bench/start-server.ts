import { fork } from 'node:child_process';
import { once } from 'node:events';

/** The server process. */
export interface BenchServer {
  /** Without a path: `/agent` and `/gateway` are below it. */
  url: string;
  close(): void;
}

/** Starts the server in a process of its own, on a free loopback port. */
export async function startServer(): Promise<BenchServer> {
  const child = fork(`${import.meta.dirname}/server/agent-server.ts`);
  const [{ port }] = (await once(child, 'message')) as [{ port: number }];
  return { url: `http://127.0.0.1:${port}`, close: () => child.disconnect() };
}
