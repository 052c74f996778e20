import { InvalidArgumentError } from '../errors/invalid-argument-error.js';
import { describeInput } from './describe-input.js';

/**
 * Refuses options that nobody reads, so that a typing error or a habit of Python never goes unnoticed.
 *
 * @param options what the caller gave; `undefined` is none
 * @param known the names of all options
 * @param where the function or class, as the caller knows it: `listJobs`, `new AgentClient`
 * @param refused those of `known` that are not taken here (but as `undefined`), and why: it follows "takes no …"
 * @throws {InvalidArgumentError} naming the option and the remedy
 */
export function assertKnownOptions(
  options: unknown,
  known: Iterable<string>,
  where: string,
  refused?: { names: readonly string[]; why: string },
): void {
  if (options === undefined) return;
  const names = new Set(known);
  for (const name of refused?.names ?? []) names.delete(name);
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw new InvalidArgumentError({
      message: `${where} takes an object of options, but ${describeInput(options)} was given.${positionalRemedy(options, names)}`,
    });
  }
  for (const name of Object.keys(options)) {
    if (names.has(name)) continue;
    const value: unknown = (options as Record<string, unknown>)[name];
    if (refused?.names.includes(name)) {
      if (value === undefined) continue;
      throw new InvalidArgumentError({ message: `${where} takes no ${name}${refused.why}` });
    }
    throw new InvalidArgumentError({
      message: `${where} knows no option ${describeInput(name)}: ${unknownRemedy(name, value, names)}`,
    });
  }
}

function positionalRemedy(value: unknown, known: ReadonlySet<string>): string {
  if (typeof value !== 'number' || !known.has('timeoutMs')) return '';
  return ` timeout is in seconds in Python; pass { timeoutMs: ${inMilliseconds(value)} }.`;
}

function unknownRemedy(name: string, value: unknown, known: ReadonlySet<string>): string {
  if (name === 'timeout' && known.has('timeoutMs')) {
    return `timeout is in seconds in Python; pass timeoutMs: ${inMilliseconds(value)}.`;
  }
  const plain = plainName(name);
  for (const candidate of known) {
    if (plainName(candidate) === plain) return `it is called ${candidate} here.`;
  }
  return known.size === 0 ? 'it takes none.' : `it takes ${[...known].join(', ')}.`;
}

function inMilliseconds(seconds: unknown): number {
  const milliseconds = Number(seconds) * 1000;
  return milliseconds > 0 && milliseconds <= 300_000 ? milliseconds : 30_000;
}

/** `max_lines`, `MaxLines` and `maxlines` are all `maxLines` to whoever comes from another language. */
function plainName(name: string): string {
  return name.replaceAll(/[_-]/g, '').toLowerCase();
}
