import { fetchRequester, type LogTransport } from '@raywire/core';
import { refusedTlsOption } from '@raywire/core/internal';
import { transportOver } from './http-transport.js';
import type { HttpTransportOptions } from './http-transport-options.js';

/** The HTTP transport: a `GET` by `fetch`, whose body is the log. @throws {InvalidArgumentError} for `tls` */
export function httpTransport(options: HttpTransportOptions = {}): LogTransport {
  return transportOver(options, refusedTlsOption(), fetchRequester);
}
