import type { ClientErrorOptions } from './client-error.js';

/** What a subclass is given: it knows its own code and status, and both can be made finer. */
export type ErrorDetails = Omit<ClientErrorOptions, 'code'> & { code?: string };
