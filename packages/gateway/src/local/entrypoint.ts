import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, statSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import { InvalidArgumentError } from '@raywire/core';
import { secretForms } from '@raywire/core/internal';
import type { JobSubmission } from '../contracts/job.js';
import { createPrivateFile } from '../files/own-files.js';
import { createDroppedRecord } from './dropped-record.js';
import { createExitRecord } from './exit-record.js';
import type { JobFiles } from './job-files.js';
import { JobPackages } from './job-packages.js';
import { keeperArguments } from './keeper.js';

/** Where and with what an entrypoint is to run. */
export interface EntrypointSettings {
  command: string;
  workingDirectory: string | undefined;
  environment: Record<string, string>;
}

/**
 * Checks what the local driver can run. A package as `working_dir` is left to the driver.
 *
 * @throws {InvalidArgumentError} naming the field that it cannot do
 */
export function resolveEntrypoint(submission: JobSubmission): EntrypointSettings {
  const {
    env_vars: environment = {},
    working_dir: workingDirectory,
    ...others
  } = submission.runtime_env ?? {};
  const unsupported = Object.keys(others).find((field) => others[field] !== null);
  if (unsupported !== undefined) {
    refuse(
      `runtime_env.${unsupported} is not supported by the local driver: it applies env_vars and working_dir`,
    );
  }
  requireNoNul('entrypoint', submission.entrypoint);
  return {
    command: submission.entrypoint,
    workingDirectory: workingDirectory === null ? undefined : requireDirectory(workingDirectory),
    environment: environment === null ? {} : requireEnvironment(environment),
  };
}

/** What a job inherits of the gateway's environment: nothing that holds a secret of the gateway, in whatever form. */
export function inheritedEnvironment(secrets: readonly string[]): Record<string, string> {
  const holdsSecret = secrets.map(holder);
  const inherited: Record<string, string> = {};
  for (const [name, value] of Object.entries(process.env)) {
    if (value === undefined || /^(RAYWIRE|RAY|SYNAPSE)_(.*_)?TOKEN(_PATH)?$/.test(name)) continue;
    if (holdsSecret.some((holds) => holds(value))) continue;
    inherited[name] = value;
  }
  return inherited;
}

/**
 * Starts the entrypoint by one `/bin/sh -c` below its keeper, in a session and process group of their own. The system
 * writes both of its streams to the log file, in order, whether or not the gateway lives.
 *
 * @throws {Error} when the system refuses at once
 */
export function spawnEntrypoint(
  settings: EntrypointSettings,
  files: JobFiles,
  environment: Record<string, string>,
  maxLogBytes: number,
): ChildProcess {
  const log = createPrivateFile(files.log);
  try {
    createExitRecord(files.exit);
    if (Number.isFinite(maxLogBytes)) createDroppedRecord(files.dropped);
    return spawn('/bin/sh', keeperArguments(settings.command, files, maxLogBytes), {
      cwd: settings.workingDirectory,
      env: environment,
      detached: true,
      stdio: ['ignore', log, log],
    });
  } finally {
    closeSync(log);
  }
}

/** A very short token is part of many an innocent value, `PATH` first of all. */
function holder(secret: string): (value: string) => boolean {
  if (secret.length < 8) return (value) => value === secret;
  const forms = [...secretForms(secret)];
  return (value) => forms.some((form) => value.includes(form));
}

function requireDirectory(value: unknown): string | undefined {
  if (value === undefined || JobPackages.nameIn(value) !== undefined) return undefined;
  if (typeof value !== 'string' || !isAbsolute(value) || value.includes('\0')) {
    refuse(
      'runtime_env.working_dir must be the absolute path of a directory on the machine of the gateway, or a package that was uploaded',
    );
  }
  if (!statSync(value, { throwIfNoEntry: false })?.isDirectory()) {
    refuse(`runtime_env.working_dir '${value}' is not a directory on the machine of the gateway`);
  }
  return value;
}

function requireEnvironment(value: unknown): Record<string, string> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    refuse('runtime_env.env_vars must be an object of strings');
  }
  for (const [name, text] of Object.entries(value)) {
    if (name === '' || name.includes('='))
      refuse(`runtime_env.env_vars has a name that cannot be one: '${name}'`);
    if (typeof text !== 'string') refuse(`runtime_env.env_vars.${name} must be a string`);
    requireNoNul('runtime_env.env_vars', name + text);
  }
  return value as Record<string, string>;
}

function requireNoNul(field: string, text: string): void {
  if (text.includes('\0')) refuse(`${field} must not hold a NUL character: no process can be given one`);
}

function refuse(message: string): never {
  throw new InvalidArgumentError({ message });
}
