import type { HttpRequester, LogTransport, TlsOptions } from '@raywire/core';
import {
  type OptionKind,
  type OptionTable,
  readOptions,
  refuseTlsBesideRequester,
  requesterOption,
} from '@raywire/core/internal';
import type { HttpTransportOptions } from './http-transport-options.js';
import { openStream } from './open-stream.js';

/** What a runtime has of its own. */
export interface RuntimeHttp {
  tls: OptionKind<TlsOptions, undefined>;
  makeRequester(tls: TlsOptions | undefined): HttpRequester;
}

/** The transport over the requester of the runtime, or the one that is given. */
export function transportOver(
  options: HttpTransportOptions,
  { tls, makeRequester }: RuntimeHttp,
): LogTransport {
  const table = { requester: requesterOption(), tls } satisfies OptionTable<HttpTransportOptions>;
  const checked = readOptions(table, options, 'httpTransport');
  refuseTlsBesideRequester(checked, 'httpTransport');
  const requester = checked.requester ?? makeRequester(checked.tls);
  return {
    contractVersion: 1,
    name: 'http',
    wire: 'http',
    open: (request) => openStream(requester, request),
    close: async () => {
      if (checked.requester === undefined) await requester.close?.();
    },
  };
}
