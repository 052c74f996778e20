import { describeInput, describeType } from './describe-input.js';
import { positionalHint, unknownOptionHint } from './option-hints.js';
import type { AnyOptionTable, CheckedOptions } from './option-table.js';
import { refuseOption } from './refuse-option.js';

/**
 * Checks options by their table, and fills in its defaults. `undefined` means absent; `null` does not.
 *
 * @param given what the caller passed
 * @param where the function or class, as the caller knows it: `listJobs`, `new AgentClient`
 * @param others names that a base class or a subclass reads
 * @throws {InvalidArgumentError} naming `where`, the option, the input and the remedy
 */
export function readOptions<const Table extends AnyOptionTable>(
  table: Table,
  given: unknown,
  where: string,
  others: readonly string[] = [],
): CheckedOptions<Table> {
  if (given !== undefined) assertNames(table, given, where, others);
  const options = given as Record<string, unknown> | undefined;
  const checked: Record<string, unknown> = {};
  for (const option of Object.keys(table)) {
    const { check, fallback, isRequired } = table[option] as AnyOptionTable[string];
    if (isRequired && options === undefined) refuseType(table, given, where);
    const value = options?.[option];
    if (value !== undefined || isRequired) checked[option] = check(value, option, where);
    else if (fallback !== undefined) checked[option] = fallback;
  }
  return checked as CheckedOptions<Table>;
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
