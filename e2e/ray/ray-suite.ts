import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { DashboardClient, type DashboardClientOptions, StreamLimits } from '@raywire/dashboard';
import { inject } from 'vitest';
import { IS_OLDER_RAY } from './python-environment.ts';

/** What Ray tells of a job that wrote a byte that is not UTF-8 and then exited with 7: 2.40 stumbles over its log. */
export const AFTER_BAD_BYTE: number | null = IS_OLDER_RAY ? null : 7;

/** The shell command that runs one of the suite's jobs. */
export function jobCommand(script: string, ...words: (string | number)[]): string {
  return ['python', '-u', fileURLToPath(new URL(`jobs/${script}`, import.meta.url)), ...words].join(' ');
}

/** A client of the shared cluster that no limit stops. */
export function newClient(options: DashboardClientOptions = {}): DashboardClient {
  return new DashboardClient({
    address: inject('address'),
    streamLimits: StreamLimits.unlimited(),
    reconnect: { initialDelayMs: 50, maxDelayMs: 200 },
    ...options,
  });
}

/** A job's log as it stands on the disk. */
export function driverLog(jobId: string): Buffer {
  return readFileSync(`${inject('logs')}/job-driver-${jobId}.log`);
}

/** The lines of a log, byte for byte. */
export function exactLines(log: Buffer): string[] {
  const lines = new TextDecoder('utf-8', { ignoreBOM: true }).decode(log).split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines.map((line) => line.replace(/\r$/, ''));
}

/** The lines of a log as Ray's WebSocket has them: every `\r\n` and `\r` is a `\n`. */
export function canonicalLines(log: Buffer): string[] {
  const lines = new TextDecoder('utf-8', { ignoreBOM: true }).decode(log).split(/\r\n?|\n/);
  if (lines.at(-1) === '') lines.pop();
  return lines;
}
