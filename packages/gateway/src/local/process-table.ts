import { readdirSync, readFileSync } from 'node:fs';

/** A process as `/proc/<pid>/stat` shows it. */
export interface ProcessEntry {
  pid: number;
  state: string;
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
function readProcess(pid: number): ProcessEntry | undefined {
  const stat = readProcFile(`/proc/${pid}/stat`);
  if (stat === undefined) return undefined;
  // The name stands in parentheses, and may hold spaces and parentheses itself.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const field = (index: number): string => fields[index] ?? '0';
  return {
    pid,
    state: field(0),
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
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => readProcess(Number(name)))
    .filter((entry) => entry !== undefined);
}

/** What a process was started as, its arguments joined by spaces. */
export function readCommandLine(pid: number): string | undefined {
  return readProcFile(`/proc/${pid}/cmdline`)?.replaceAll('\0', ' ').trim();
}

/** When a process began, as a value that no other process has: the boot and the tick. `null` without `/proc`. */
export function processStart(pid: number): string | null {
  const entry = readProcess(pid);
  const boot = readProcFile('/proc/sys/kernel/random/boot_id')?.trim();
  return entry === undefined || entry.state === 'Z' || boot === undefined
    ? null
    : `${boot}/${entry.startedAtTicks}`;
}

/** Whether any process of a group still runs; dead ones that nobody has waited for do not count. */
export function isGroupAlive(group: number): boolean {
  try {
    process.kill(-group, 0);
  } catch {
    // ESRCH: no such group. (EPERM, a group of another user, is not a job's.)
    return false;
  }
  if (process.platform !== 'linux') return true;
  return readProcesses().some((entry) => entry.group === group && entry.state !== 'Z');
}

/** Whether a group is that of a job: one of its processes has the job's ID in its environment. */
export function isGroupOfJob(group: number, jobId: string): boolean {
  return readProcesses().some(
    (entry) =>
      entry.group === group &&
      readProcFile(`/proc/${entry.pid}/environ`)?.split('\0').includes(`${JOB_ID_VARIABLE}=${jobId}`) ===
        true,
  );
}

/** Signals every process of a group that can be signalled. */
export function signalGroup(group: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-group, signal);
  } catch (error) {
    // Gone already, or none of them is ours any more (they have changed their user): nothing is left to do.
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ESRCH' && code !== 'EPERM') throw error;
  }
}

function readProcFile(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // The process ended meanwhile, or the system has no /proc: nothing to be seen, either way.
    return undefined;
  }
}
