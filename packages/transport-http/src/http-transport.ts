import { type HttpRequester, InvalidArgumentError, type LogTransport } from '@raywire/core';
import { assertKnownOptions, checkRequester } from '@raywire/core/internal';
import type { HttpTransportOptions } from './http-transport-options.js';
import { openStream } from './open-stream.js';

/** The transport over whichever requester the runtime has. */
export function transportOver(options: HttpTransportOptions, own: () => HttpRequester): LogTransport {
  assertKnownOptions(options, ['requester', 'tls'], 'httpTransport');
  if (options.requester !== undefined && options.tls !== undefined) {
    throw new InvalidArgumentError({
      message:
        'httpTransport takes requester or tls, not both: give tls to the requester, undiciRequester({ tls }).',
    });
  }
  const requester = options.requester === undefined ? own() : checkRequester(options.requester);
  return {
    contractVersion: 1,
    name: 'http',
    wire: 'http',
    open: (request) => openStream(requester, request),
    close: async () => {
      if (options.requester === undefined) await requester.close?.();
    },
  };
}
