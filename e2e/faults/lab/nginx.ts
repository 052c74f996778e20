import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, watch, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePorts } from '@raywire/testing';
import { findDebianCommand } from '../../debian-command.js';

/** One `location /` of nginx: where it leads, and its directives. */
export interface NginxLocation {
  target: string;
  directives: readonly string[];
}

/** A running nginx: one process, a port for each location. */
export interface Nginx {
  /** In the order of the locations. */
  urls: readonly string[];
  close(): Promise<void>;
}

/** What the documentation of nginx gives for WebSockets. */
const UPGRADE_MAP = "map $http_upgrade $connection_upgrade { default upgrade; '' close; }";
const TEMPORARY = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];

/** Starts Debian's nginx with these locations; what they leave out is nginx's default. */
export async function startNginx(locations: readonly NginxLocation[]): Promise<Nginx> {
  const command = await findDebianCommand('nginx');
  const directory = await mkdtemp(join(tmpdir(), 'raywire-nginx-'));
  const ports = await freePorts(locations.length);
  await writeFile(join(directory, 'nginx.conf'), configurationOf(directory, locations, ports));
  const process = spawn(command, ['-e', 'stderr', '-p', directory, '-c', join(directory, 'nginx.conf')], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const close = async (): Promise<void> => {
    if (process.exitCode === null && process.signalCode === null) {
      process.kill('SIGTERM');
      await once(process, 'close');
    }
    await rm(directory, { recursive: true, force: true });
  };
  try {
    await untilItListens(process, directory);
  } catch (error) {
    await close();
    throw error;
  }
  return { urls: ports.map((port) => `http://127.0.0.1:${port}`), close };
}

/** Its process file is written once all ports are bound. */
async function untilItListens(process: ChildProcess, directory: string): Promise<void> {
  const said: string[] = [];
  process.stderr?.on('data', (chunk) => said.push(String(chunk)));
  const stop = new AbortController();
  const ended = once(process, 'close', stop).then(() => {
    throw new Error(`nginx ended by itself:\n${said.join('')}`);
  });
  const written = (async () => {
    for await (const { filename } of watch(directory, stop)) if (filename === 'nginx.pid') return;
  })();
  try {
    await Promise.race([ended, written]);
  } finally {
    stop.abort();
    await Promise.allSettled([ended, written]);
  }
}

function configurationOf(
  directory: string,
  locations: readonly NginxLocation[],
  ports: readonly number[],
): string {
  const servers = locations.map(
    ({ target, directives }, index) => `
  server {
    listen 127.0.0.1:${ports[index]};
    location / {
      proxy_pass ${target};
      ${directives.map((directive) => `${directive};`).join('\n      ')}
    }
  }`,
  );
  return `
daemon off;
${globalThis.process.getuid?.() === 0 ? 'user root;' : ''}
worker_processes 1;
pid ${join(directory, 'nginx.pid')};
events { worker_connections 512; }
http {
  access_log off;
  ${TEMPORARY.map((name) => `${name}_temp_path ${join(directory, name)};`).join('\n  ')}
  ${UPGRADE_MAP}
  ${servers.join('\n')}
}
`;
}
