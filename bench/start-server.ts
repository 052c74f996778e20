import { fork } from 'node:child_process';
import { once } from 'node:events';

/** The server process. */
export interface BenchServer {
  /** Without a path. */
  url: string;
  close(): void;
}

/** Starts a server in a process of its own, on a free loopback port. @param program default: the agent's */
export async function startServer(
  program: string = `${import.meta.dirname}/server/agent-server.ts`,
): Promise<BenchServer> {
  const child = fork(program);
  const [{ port }] = (await once(child, 'message')) as [{ port: number }];
  return { url: `http://127.0.0.1:${port}`, close: () => child.disconnect() };
}
