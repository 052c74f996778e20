import type { LogTransport } from '@raywire/core';
import { arrayOf, checkedBy, contract, type OptionKind, refuseOption } from '@raywire/core/internal';
import { wireOf } from './tail/routes.js';

/**
 * Adds transports to built-in ones: the same name replaces, a new one goes before those of its wire.
 *
 * @throws {InvalidArgumentError} when one is not a transport, or speaks an unknown version of the contract
 */
export function mergeTransports(
  builtIn: readonly LogTransport[],
  given: readonly LogTransport[] = [],
): LogTransport[] {
  transportsOption().check(given, 'mergeTransports: transports');
  const merged = builtIn.map((transport) => given.find(({ name }) => name === transport.name) ?? transport);
  const added = given.filter(({ name }) => !builtIn.some((transport) => transport.name === name));
  for (const transport of [...added].reverse()) {
    const first = merged.findIndex((other) => wireOf(other) === wireOf(transport));
    merged.splice(first < 0 ? merged.length : first, 0, transport);
  }
  return merged;
}

/** Transports, each with a name of its own. @__NO_SIDE_EFFECTS__ */
export function transportsOption(): OptionKind<readonly LogTransport[], undefined> {
  const { check } = arrayOf<LogTransport>(
    contract(
      'a transport',
      'httpTransport()',
      ({ name, open }) => typeof name === 'string' && name !== '' && typeof open === 'function',
    ),
  );
  return checkedBy((value, place) => {
    const transports = check(value, place);
    const names = ['auto', ...transports.map(({ name }) => name)];
    const taken = names.find((name, index) => names.indexOf(name) !== index);
    if (taken === undefined) return transports;
    return refuseOption(
      `${place}: the name ${JSON.stringify(taken)} is taken; give each transport its own name.`,
    );
  });
}
