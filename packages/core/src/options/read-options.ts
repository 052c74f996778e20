import { InvalidArgumentError } from '../errors/invalid-argument-error.js';
import { Redactor } from '../redaction/redactor.js';
import { describeInput, describeType } from './describe-input.js';
import { positionalHint, unknownOptionHint } from './option-hints.js';
import type { AnyOptionTable, CheckedOptions } from './option-table.js';

/**
 * Checks options by their table, and fills in its defaults. `undefined` means absent; `null` does not.
 *
 * @param given what the caller passed
 * @param where the function or class, as the caller knows it (`listJobs`, `new AgentClient`), or the place of an option
 * @param others names that a base class or a subclass reads
 * @throws {InvalidArgumentError} naming the place, the rule, the input and the remedy
 */
export function readOptions<const Table extends AnyOptionTable>(
  table: Table,
  given: unknown,
  where: string,
  others: readonly string[] = [],
): CheckedOptions<Table> {
  try {
    return checkOptions(table, given, where, others) as CheckedOptions<Table>;
  } catch (error) {
    const redactor = new Redactor();
    for (const [name, value] of Object.entries(given ?? {}))
      if (typeof value === 'string' && table[name]?.isSecret) redactor.add(value);
    throw redactor.sanitize(error);
  }
}

function checkOptions(
  table: AnyOptionTable,
  given: unknown,
  where: string,
  others: readonly string[],
): Record<string, unknown> {
  if (given !== undefined) assertNames(table, given, where, others);
  const options = given as Record<string, unknown> | undefined;
  const checked: Record<string, unknown> = {};
  for (const option of Object.keys(table)) {
    const { check, fallback, isRequired } = table[option] as AnyOptionTable[string];
    if (isRequired && options === undefined) refuseType(table, given, where);
    const value = options?.[option];
    if (value !== undefined || isRequired) checked[option] = check(value, placeOf(option, where));
    else if (fallback !== undefined) checked[option] = fallback;
  }
  return checked;
}

/** What is within another option already names the function: `new AgentClient: heartbeat.intervalMs`. */
function placeOf(option: string, where: string): string {
  return where + (where.includes(': ') ? '.' : ': ') + option;
}

/** @throws {InvalidArgumentError} always, with the place, the rule, the input and the remedy */
export function refuseOption(message: string): never {
  throw new InvalidArgumentError({ message });
}

function assertNames(table: AnyOptionTable, given: unknown, where: string, others: readonly string[]): void {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) refuseType(table, given, where);
  for (const name of Object.keys(given)) {
    const kind = Object.hasOwn(table, name) ? table[name] : undefined;
    if (kind === undefined ? others.includes(name) : kind.refusal === undefined) continue;
    const value: unknown = (given as Record<string, unknown>)[name];
    if (kind !== undefined && value === undefined) continue;
    const hint = kind?.refusal ?? unknownOptionHint(name, value, table, others);
    refuseOption(`${where} has no option ${describeInput(name)}: ${hint}`);
  }
}

function refuseType(table: AnyOptionTable, given: unknown, where: string): never {
  const required = Object.keys(table).filter((name) => table[name]?.isRequired);
  const needs = required.length === 0 ? '' : ` with ${required.join(' and ')}`;
  // A string may be a token that was passed by its position.
  const shown = typeof given === 'string' ? describeType(given) : describeInput(given);
  const hint = positionalHint(given, table);
  refuseOption(`${where} takes an object of options${needs}, but ${shown} was given.${hint}`);
}
