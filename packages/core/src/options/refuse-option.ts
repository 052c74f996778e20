import { InvalidArgumentError } from '../errors/invalid-argument-error.js';

/** Where an option was given, for a message: `listJobs: timeoutMs`, or `new AgentClient: reconnect.budget`. */
export function optionPlace(option: string, where: string): string {
  if (where === '') return option;
  // What is within another option already names the function.
  return where.includes(': ') ? `${where}.${option}` : `${where}: ${option}`;
}

/**
 * @param message the place, the problem, what was given and the remedy
 * @throws {InvalidArgumentError} always
 */
export function refuseOption(message: string): never {
  throw new InvalidArgumentError({ message });
}
