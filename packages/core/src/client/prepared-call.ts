import type { ApiRequest } from '../contracts/api-client.js';
import { count, flag, kind, oneOf, record, required, unchecked } from '../options/option-kinds.js';
import type { OptionTable } from '../options/option-table.js';
import { readOptions, refuseOption } from '../options/read-options.js';
import type { CheckedClientOptions } from './base-client-options.js';
import { resolveURL } from './base-url.js';
import { CALL_OPTIONS } from './call-options.js';

/** The table of `ApiRequest`. */
const REQUEST_OPTIONS = /* @__PURE__ */ (() =>
  ({
    ...CALL_OPTIONS,
    method: oneOf('GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'),
    path: required(kind<string>('a string', (value) => typeof value === 'string')),
    query: record(),
    json: unchecked(),
    body: kind<NonNullable<ApiRequest['body']>>(
      'a string, bytes, an AsyncIterable of bytes or a function that returns one',
      isBody,
    ),
    idempotent: flag(),
    timeoutBounds: oneOf('all', 'headers'),
    expect: oneOf('json', 'text', 'none'),
    maxResponseBytes: count({ orInfinity: true }),
  }) satisfies OptionTable<ApiRequest>)();

const ACCEPT = { json: 'application/json', text: 'text/plain, */*;q=0.5', none: '*/*' };

/** One call, checked whole, before anything is sent. */
export interface PreparedCall {
  method: string;
  url: string;
  /** `METHOD /path`, for messages. */
  what: string;
  /** The call's own and what goes with its body; names in lower case. */
  headers: Record<string, string>;
  /** Where neither the client nor the call says otherwise. */
  defaultHeaders: Record<string, string>;
  body: ApiRequest['body'];
  expect: 'json' | 'text' | 'none';
  /** GET or HEAD: an answer without content is an error. */
  isRead: boolean;
  /** The body can be sent a second time. */
  isReplayable: boolean;
  /** How often it may be repeated; 0 for what is not safe to repeat. */
  maxRetries: number;
  timeoutMs: number | undefined;
  timeoutBounds: 'all' | 'headers';
  maxResponseBytes: number;
  signal: AbortSignal | undefined;
}

/**
 * @param defaults those of the client
 * @param where the method, for messages
 * @throws {InvalidArgumentError} naming the option and the remedy
 */
export function prepareCall(
  request: ApiRequest,
  baseURL: string,
  defaults: Pick<CheckedClientOptions, 'timeoutMs' | 'maxRetries' | 'maxResponseBytes'>,
  where: string,
): PreparedCall {
  const checked = readOptions(REQUEST_OPTIONS, request, where);
  const { method, path, query, headers = {}, expect, timeoutBounds, signal } = checked;
  const { timeoutMs = defaults.timeoutMs, maxRetries = defaults.maxRetries } = checked;
  const { maxResponseBytes = defaults.maxResponseBytes } = checked;
  const url = resolveURL(baseURL, path, query);
  const isRead = method === 'GET' || method === 'HEAD';
  const { body, contentType } = encodeBody(checked, isRead, where);
  const isReplayable = typeof body !== 'object' || body instanceof Uint8Array;
  const { idempotent = isRead } = checked;
  return {
    method,
    url: url.href,
    what: `${method} ${url.pathname}`,
    headers,
    defaultHeaders: { accept: ACCEPT[expect], ...(contentType && { 'content-type': contentType }) },
    body,
    expect,
    isRead,
    isReplayable,
    maxRetries: idempotent && isReplayable ? maxRetries : 0,
    timeoutMs,
    timeoutBounds,
    maxResponseBytes,
    signal,
  };
}

function encodeBody(
  { json, body }: Pick<ApiRequest, 'json' | 'body'>,
  isRead: boolean,
  where: string,
): { body: ApiRequest['body']; contentType?: string } {
  if (json === undefined && body === undefined) return { body: undefined };
  if (json !== undefined && body !== undefined)
    refuseOption(`${where}: json and body exclude each other; pass one of them.`);
  if (isRead) refuseOption(`${where}: GET and HEAD have no body; use query, or another method.`);
  if (json === undefined) return { body };
  return { body: encodeJson(json, where), contentType: 'application/json' };
}

function encodeJson(value: unknown, where: string): string {
  let encoded: string | undefined;
  try {
    encoded = JSON.stringify(value);
  } catch {
    // Its own message may quote keys of the value: what is wrong is the same for all, a cycle or a BigInt.
  }
  return (
    encoded ??
    refuseOption(`${where}: json cannot be written as JSON: it has a cycle or a BigInt, or is a function.`)
  );
}

function isBody(value: unknown): boolean {
  if (typeof value === 'object')
    return value instanceof Uint8Array || (value !== null && Symbol.asyncIterator in value);
  return typeof value === 'string' || typeof value === 'function';
}
