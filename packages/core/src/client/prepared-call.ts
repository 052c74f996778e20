import type { ApiRequest } from '../contracts/api-client.js';
import { InvalidArgumentError } from '../errors/invalid-argument-error.js';
import { assertKnownOptions } from '../options/assert-known-options.js';
import { describeInput } from '../options/describe-input.js';
import { validateTimeout } from '../options/validate-timeout.js';
import { type CallDefaults, checkMaxResponseBytes, checkMaxRetries } from './base-client-options.js';
import { resolveURL } from './base-url.js';
import { checkHeaders } from './header-record.js';

const OPTIONS = [
  'method',
  'path',
  'query',
  'json',
  'body',
  'idempotent',
  'expect',
  'maxResponseBytes',
  'signal',
  'headers',
  'timeoutMs',
  'timeoutBounds',
  'maxRetries',
];
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'];
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

/** @throws {InvalidArgumentError} naming the option and the remedy */
export function prepareCall(request: ApiRequest, baseURL: string, defaults: CallDefaults): PreparedCall {
  assertKnownOptions(request ?? null, OPTIONS, 'request');
  const { maxRetries, maxResponseBytes, timeoutMs, timeoutBounds = 'all', signal } = request;
  const method = oneOf('method', request.method === undefined ? 'GET' : request.method, METHODS);
  const url = resolveURL(baseURL, request.path, request.query);
  const { expect: wanted = 'json' } = request;
  const expect = oneOf('expect', wanted, ['json', 'text', 'none'] as const);
  const isRead = method === 'GET' || method === 'HEAD';
  const { body, contentType } = encodeBody(request, isRead);
  const isStream = typeof body === 'object' && !(body instanceof Uint8Array);
  const isReplayable = !isStream;
  const retries = maxRetries === undefined ? defaults.maxRetries : checkMaxRetries(maxRetries);
  const { idempotent = isRead } = request;
  if (typeof idempotent !== 'boolean') throw invalid('idempotent must be a boolean.');
  return {
    method,
    url,
    what: `${method} ${new URL(url).pathname}`,
    headers: checkHeaders(request.headers, 'headers'),
    defaultHeaders: { accept: ACCEPT[expect], ...(contentType && { 'content-type': contentType }) },
    body,
    expect,
    isRead,
    isReplayable,
    maxRetries: idempotent && isReplayable ? retries : 0,
    timeoutMs: timeoutMs === undefined ? defaults.timeoutMs : validateTimeout(timeoutMs),
    timeoutBounds: oneOf('timeoutBounds', timeoutBounds, ['all', 'headers'] as const),
    maxResponseBytes:
      maxResponseBytes === undefined ? defaults.maxResponseBytes : checkMaxResponseBytes(maxResponseBytes),
    signal: signal === undefined ? undefined : checkSignal(signal),
  };
}

function encodeBody(
  request: ApiRequest,
  isRead: boolean,
): { body: ApiRequest['body']; contentType?: string } {
  const { json, body } = request;
  if (json === undefined && body === undefined) return { body: undefined };
  if (json !== undefined && body !== undefined) throw invalid('json and body exclude each other: give one.');
  if (isRead) throw invalid('GET and HEAD have no body: use query, or another method.');
  if (json !== undefined) return { body: encodeJson(json), contentType: 'application/json' };
  const isStream = typeof body === 'object' && body !== null && Symbol.asyncIterator in body;
  const isGiver = typeof body === 'function';
  if (typeof body === 'string' || body instanceof Uint8Array || isStream || isGiver) return { body };
  throw invalid(
    `body must be a string, bytes, an AsyncIterable of bytes or a function that gives one, but it is ${describeInput(body)}.`,
  );
}

function encodeJson(value: unknown): string {
  let encoded: string | undefined;
  try {
    encoded = JSON.stringify(value);
  } catch {
    // Its own message may quote keys of the value: what is wrong is the same for all, a cycle or a BigInt.
  }
  if (encoded === undefined)
    throw invalid('json cannot be written as JSON: it has a cycle, a BigInt or is a function.');
  return encoded;
}

function checkSignal(signal: unknown): AbortSignal {
  // Not by `instanceof`: polyfills and other realms have their own.
  if (typeof signal === 'object' && signal !== null && 'aborted' in signal && 'addEventListener' in signal) {
    return signal as AbortSignal;
  }
  throw invalid(`signal must be an AbortSignal, but it is ${describeInput(signal)}.`);
}

function oneOf<const T extends string>(name: string, value: unknown, allowed: readonly T[]): T {
  if (allowed.includes(value as T)) return value as T;
  throw invalid(`${name} must be one of ${allowed.join(', ')}, but it is ${describeInput(value)}.`);
}

function invalid(message: string): InvalidArgumentError {
  return new InvalidArgumentError({ message });
}
