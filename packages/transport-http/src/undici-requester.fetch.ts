import { fetchRequester, type HttpRequester } from '@raywire/core';
import { readOptions, refusedTlsOption } from '@raywire/core/internal';
import { type UndiciRequesterOptions, undiciRequesterOptions } from './undici-requester-options.js';

/**
 * Where undici does not run, the requester over `fetch`: the same code works in every runtime.
 *
 * @throws {InvalidArgumentError} for `tls`, which `fetch` cannot be told
 */
export function undiciRequester(options: UndiciRequesterOptions = {}): HttpRequester {
  readOptions(undiciRequesterOptions(refusedTlsOption()), options, 'undiciRequester');
  return fetchRequester();
}
