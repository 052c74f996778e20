import { InvalidArgumentError, type LogTransport } from '@raywire/core';
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
  checkTransports(given);
  const names = new Set(given.map((transport) => transport.name));
  const merged = builtIn.map((transport) => given.find(({ name }) => name === transport.name) ?? transport);
  const added = given.filter(({ name }) => !builtIn.some((transport) => transport.name === name));
  for (const transport of [...added].reverse()) {
    const first = merged.findIndex((other) => wireOf(other) === wireOf(transport));
    merged.splice(first < 0 ? merged.length : first, 0, transport);
  }
  if (names.size !== given.length) throw invalid('names the same transport twice; each name stands for one');
  return merged;
}

/** @throws {InvalidArgumentError} */
export function checkTransports(transports: readonly LogTransport[]): void {
  if (!Array.isArray(transports)) throw invalid('must be an array, for example [httpTransport()]');
  for (const transport of transports as readonly Partial<LogTransport>[]) {
    if (
      typeof transport?.open !== 'function' ||
      typeof transport.name !== 'string' ||
      transport.name === ''
    ) {
      throw invalid(
        'holds something that is not a transport; call its function, for example httpTransport()',
      );
    }
    if (transport.name === 'auto')
      throw invalid("holds one of the name 'auto', which chooses among all of them");
    if (transport.contractVersion !== 1) {
      const version = JSON.stringify(transport.contractVersion);
      throw invalid(
        `holds ${JSON.stringify(transport.name)} of contract version ${version}, and this client knows version 1; install matching versions`,
      );
    }
  }
}

function invalid(problem: string): InvalidArgumentError {
  return new InvalidArgumentError({ message: `transports ${problem}.` });
}
