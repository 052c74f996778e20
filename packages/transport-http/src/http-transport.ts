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

/**
 * The transport over the requester that is given, or one of its own.
 *
 * @param tls what this runtime takes
 * @param makeRequester the runtime's own
 */
export function transportOver(
  options: HttpTransportOptions,
  tls: OptionKind<TlsOptions, undefined>,
  makeRequester: (tls: TlsOptions | undefined) => HttpRequester,
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
