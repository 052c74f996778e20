import { readdirSync, readFileSync } from 'node:fs';

/** A process as the kernel knows it: its start time tells it from a later one with the same ID. */
export interface ProcessIdentity {
  pid: number;
  startTime: string;
}

/** A process and all of its descendants, whichever group or session they are in. */
export function processTree(root: number): ProcessIdentity[] {
  const all = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => statOf(Number(name)) ?? []);
  const tree = all.filter(({ pid }) => pid === root);
  for (let index = 0; index < tree.length; index++) {
    const parent = tree[index]?.pid;
    tree.push(...all.filter((process) => process.parent === parent));
  }
  return tree.map(({ pid, startTime }) => ({ pid, startTime }));
}

/** Whether it is still the same process, and not a zombie. */
export function isAlive({ pid, startTime }: ProcessIdentity): boolean {
  const now = statOf(pid);
  return now !== undefined && now.startTime === startTime && now.state !== 'Z';
}

function statOf(pid: number): (ProcessIdentity & { parent: number; state: string }) | undefined {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    // It ended while the list was read.
    return undefined;
  }
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return { pid, state: fields[0] ?? '', parent: Number(fields[1]), startTime: fields[19] ?? '' };
}
