import type { CallOptions } from '../contracts/api-client.js';
import { abortSignal } from '../options/abort-signal.js';
import { count, duration } from '../options/option-kinds.js';
import type { OptionTable } from '../options/option-table.js';
import { headersOption } from './header-record.js';

/** How often a call may be repeated. */
export const RETRIES = { min: 0, max: 100 };

/** The table of `CallOptions`. */
export const CALL_OPTIONS: OptionTable<CallOptions> = {
  signal: abortSignal(),
  headers: headersOption(),
  timeoutMs: duration(),
  maxRetries: count(RETRIES),
};
