import { constants, readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** A process as `/proc/<pid>/stat` shows it. */
export interface ProcessEntry {
  pid: number;
  state: string;
  parent: number;
  group: number;
  session: number;
  /** User and system time so far. */
  cpuSeconds: number;
  residentBytes: number;
  /** Since the machine started. */
  startedAtSeconds: number;
  /** In the kernel's own ticks: exact, to tell processes apart. */
  startedAtTicks: string;
}

/** The variable by which the processes of a job know, and show, whose they are. */
export const JOB_ID_VARIABLE: string = 'RAYWIRE_JOB_ID';

/** Linux shows ticks of 1/100 s to programs, whatever its own clock is. */
const TICKS_PER_SECOND = 100;
const PAGE_BYTES = 4_096;

/** A process, or `undefined` when it is gone or the system has no `/proc`. */
export function readProcess(pid: number): ProcessEntry | undefined {
  const stat = readProcFile(`/proc/${pid}/stat`);
  if (stat === undefined) return undefined;
  // The name stands in parentheses, and may hold spaces and parentheses itself.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const field = (index: number): string => fields[index] ?? '0';
  return {
    pid,
    state: field(0),
    parent: Number(field(1)),
    group: Number(field(2)),
    session: Number(field(3)),
    cpuSeconds: (Number(field(11)) + Number(field(12))) / TICKS_PER_SECOND,
    startedAtTicks: field(19),
    startedAtSeconds: Number(field(19)) / TICKS_PER_SECOND,
    residentBytes: Number(field(21)) * PAGE_BYTES,
  };
}

/** All processes of the machine; none where there is no `/proc`. */
export function readProcesses(): ProcessEntry[] {
  if (process.platform !== 'linux') return [];
  return listProcesses()
    .map(readProcess)
    .filter((entry) => entry !== undefined);
}

/** The numbers of all processes of the machine. */
export function listProcesses(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

/** The number that the newest process of the machine has: the same twice, and none was made in between. */
export function newestProcess(): string | undefined {
  return readProcFile('/proc/loadavg')?.trim().split(' ').at(-1);
}

/** What a process was started as, its arguments joined by spaces. */
export function readCommandLine(pid: number): string | undefined {
  return readArguments(pid)?.join(' ').trim();
}

/** What a process was started with, its own name first. */
export function readArguments(pid: number): string[] | undefined {
  return readProcFile(`/proc/${pid}/cmdline`)?.split('\0').slice(0, -1);
}

/** Which of these files a process has open to write to. */
export function openForWriting(pid: number, paths: ReadonlySet<string>): string[] {
  const folder = `/proc/${pid}/fd`;
  const found = (seen(() => readdirSync(folder)) ?? []).map((number) => {
    const path = seen(() => readlinkSync(`${folder}/${number}`));
    if (path === undefined || !paths.has(path)) return undefined;
    const flags = /^flags:\s*([0-7]+)$/m.exec(readProcFile(`/proc/${pid}/fdinfo/${number}`) ?? '')?.[1];
    return flags !== undefined && (Number.parseInt(flags, 8) & 3) !== constants.O_RDONLY ? path : undefined;
  });
  return found.filter((path) => path !== undefined);
}

/** When a process began, as a value that no other process has: the boot and the tick. `null` without `/proc`. */
export function processStart(pid: number): string | null {
  const entry = readProcess(pid);
  const boot = readProcFile('/proc/sys/kernel/random/boot_id')?.trim();
  return entry === undefined || entry.state === 'Z' || boot === undefined
    ? null
    : `${boot}/${entry.startedAtTicks}`;
}

/** Whether a group has any process; dead ones that nobody has waited for count too. */
export function hasGroup(group: number): boolean {
  try {
    process.kill(-group, 0);
    return true;
  } catch {
    // ESRCH: no such group. (EPERM, a group of another user, is not a job's.)
    return false;
  }
}

/** Whether a process has the ID of a job in its environment. */
export function isProcessOfJob(pid: number, jobId: string): boolean {
  const environment = readProcFile(`/proc/${pid}/environ`)?.split('\0') ?? [];
  return environment.includes(`${JOB_ID_VARIABLE}=${jobId}`);
}

/** Signals a process, or with a negative number a group. What has ended, or has changed its user, is left alone. */
export function signalProcess(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ESRCH' && code !== 'EPERM') throw error;
  }
}

function readProcFile(path: string): string | undefined {
  return seen(() => readFileSync(path, 'utf8'));
}

const UNSEEN = new Set(['ENOENT', 'ESRCH', 'EACCES', 'EPERM', 'ENOTDIR']);

/**
 * What `/proc` shows; `undefined` when the process has ended, is of another user, or the system has no `/proc`. Any other
 * failure, such as too many open files, says nothing of the process.
 */
function seen<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (UNSEEN.has((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
}
