import type { Profiler } from 'node:inspector';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A function, and the time that was spent in it and not in what it calls. */
export interface SelfTime {
  /** With its file and line; a function of the runtime with the one that it worked for. */
  name: string;
  milliseconds: number;
}

/** The functions of a CPU profile, the one with the most time of its own first. The profiler itself is left out. */
export function selfTimes({ nodes, samples = [], timeDeltas = [] }: Profiler.Profile): SelfTime[] {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const callers = new Map(nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id])));
  const nameOf = (id: number): string => {
    const frame = byId.get(id)?.callFrame;
    const name = `${frame?.functionName || '(anonymous)'} ${placeOf(frame?.url ?? '', frame?.lineNumber ?? 0)}`;
    if (frame?.url.startsWith('file:')) return name;
    let caller = callers.get(id);
    while (caller !== undefined && !byId.get(caller)?.callFrame.url.startsWith('file:'))
      caller = callers.get(caller);
    return caller === undefined ? name : `${name} for ${nameOf(caller)}`;
  };
  const names = new Map(nodes.map(({ id }) => [id, nameOf(id)]));
  const times = new Map<string, number>();
  for (const [index, id] of samples.entries()) {
    if (byId.get(id)?.callFrame.url.startsWith('node:inspector')) continue;
    const name = names.get(id) as string;
    times.set(name, (times.get(name) ?? 0) + (timeDeltas[index] ?? 0) / 1000);
  }
  return Array.from(times, ([name, milliseconds]) => ({ name, milliseconds })).sort(
    (a, b) => b.milliseconds - a.milliseconds,
  );
}

function placeOf(url: string, line: number): string {
  if (url === '') return '';
  const file = url.startsWith('file:') ? relative(process.cwd(), fileURLToPath(url)) : url;
  return `${file.replace(/^.*node_modules\//, '')}:${line + 1}`;
}
