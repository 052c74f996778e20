import { fetchRequester, type HttpRequester } from '@raywire/core';

/** Where undici does not run, the requester over `fetch`: the same code works in every runtime. */
export function undiciRequester(): HttpRequester {
  return fetchRequester();
}
