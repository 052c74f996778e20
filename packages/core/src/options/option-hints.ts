import { type AnyOptionTable, optionNames } from './option-table.js';

/** What to write instead of an unknown option: it ends the sentence "… has no option "x": ". */
export function unknownOptionHint(
  name: string,
  value: unknown,
  table: AnyOptionTable,
  others: readonly string[],
): string {
  const names = [...optionNames(table), ...others.filter((other) => !Object.hasOwn(table, other))];
  const time = timeName(names);
  if (name === 'timeout' && time !== undefined)
    return `timeout is in seconds in Python; pass ${time}: ${inMilliseconds(value, time)}.`;
  const isSame = (other: string): boolean => plainName(other) === plainName(name);
  const same = [...Object.keys(table), ...others].find(isSame);
  if (same !== undefined) return table[same]?.refusal ?? `it is called ${same} here.`;
  for (const [outer, { inner }] of Object.entries(table)) {
    const misplaced = inner?.().find(isSame);
    if (misplaced !== undefined) return `it belongs to ${outer}; pass ${outer}: { ${misplaced}: … }.`;
  }
  const near = nearest(name, names);
  if (near !== undefined) return `did you mean ${near}?`;
  return names.length === 0 ? 'it takes none.' : `it takes ${names.join(', ')}.`;
}

/** What to write instead of a number in the place of options: a time-out, as in Python. */
export function positionalHint(value: unknown, table: AnyOptionTable): string {
  const time = timeName(optionNames(table));
  if (typeof value !== 'number' || time === undefined) return '';
  return ` timeout is in seconds in Python; pass { ${time}: ${inMilliseconds(value, time)} }.`;
}

/** The one name that is a typing error or an ending away; `undefined` where there is none, or more than one. */
export function nearest(name: string, names: readonly string[]): string | undefined {
  const plain = plainName(name);
  const [near, ...others] = names.filter((other) => isNear(plain, plainName(other)));
  return others.length === 0 ? near : undefined;
}

function timeName(names: readonly string[]): string | undefined {
  return ['timeoutMs', 'giveUpAfterMs'].find((name) => names.includes(name));
}

function inMilliseconds(seconds: unknown, name: string): number {
  const milliseconds = Number(seconds) * 1000;
  const max = name === 'timeoutMs' ? 300_000 : Number.MAX_SAFE_INTEGER;
  return milliseconds > 0 && milliseconds <= max ? milliseconds : 30_000;
}

/** `max_lines`, `MaxLines` and `maxlines` are all `maxLines` in other languages; `timeout` lacks its unit. */
function plainName(name: string): string {
  return name
    .replaceAll(/[_-]/g, '')
    .toLowerCase()
    .replace(/(?<=.)ms$/, '');
}

/** Whether a name was cut short, or one letter is missing, too many or another, or two are swapped. */
function isNear(name: string, other: string): boolean {
  if (name === other) return true;
  // What is short is near to too much.
  if (name.length < 4) return false;
  if (other.startsWith(name)) return true;
  let start = 0;
  while (name[start] === other[start]) start++;
  let end = 0;
  while (end < Math.min(name.length, other.length) - start && name.at(-1 - end) === other.at(-1 - end)) end++;
  const [typed, meant] = [name.slice(start, name.length - end), other.slice(start, other.length - end)];
  return Math.max(typed.length, meant.length) < 2 || typed === [...meant].reverse().join('');
}
