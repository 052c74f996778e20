import type { ClientErrorOptions } from './client-error.js';

/**
 * The options of a subclass, which has a default code and status.
 *
 * @typeParam Code the codes of that class; by default the code cannot be set
 */
export type ErrorDetails<Code extends string = never> = Omit<ClientErrorOptions, 'code' | 'statusCode'> & {
  code?: Code;
  statusCode?: number;
};
