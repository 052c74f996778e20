import { fork } from 'node:child_process';
import { once } from 'node:events';
import type { LineKind } from './lines/log-lines.ts';

/** The server process. */
export interface BenchServer extends Disposable {
  /** Without a path. */
  url: string;
}

/**
 * Starts a server of logs in a process of its own, on a free loopback port.
 *
 * @param kind what its lines are
 * @param program default: the agent's
 */
export async function startServer(
  kind: LineKind,
  program: string = `${import.meta.dirname}/server/agent-server.ts`,
): Promise<BenchServer> {
  const child = fork(program, [kind]);
  const [{ port }] = (await once(child, 'message')) as [{ port: number }];
  return { url: `http://127.0.0.1:${port}`, [Symbol.dispose]: () => child.disconnect() };
}
