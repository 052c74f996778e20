import { startTcpServer } from './loopback-server.ts';

/** N ports of loopback that were free a moment ago: all are held until the last one is found. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(Array.from({ length: count }, () => startTcpServer()));
  await Promise.all(servers.map((server) => server.close()));
  return servers.map(({ port }) => port);
}
