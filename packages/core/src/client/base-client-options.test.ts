import { rejectionOf, sendJson, startServer } from '@raywire/testing';
import { expect, test } from 'vitest';
import type { HttpRequester } from '../contracts/http-requester.js';
import { InvalidArgumentError } from '../errors/invalid-argument-error.js';
import { BaseClient } from './base-client.js';
import type { BaseClientOptions } from './base-client-options.js';

function refusal(options: unknown): InvalidArgumentError {
  try {
    new BaseClient(options as BaseClientOptions);
  } catch (error) {
    if (InvalidArgumentError.isInstance(error)) return error;
    throw error;
  }
  throw new Error('It was expected to be refused.');
}

test.each([
  ['http://h', 'http://h/'],
  ['http://h/', 'http://h/'],
  ['https://h:8443/api', 'https://h:8443/api/'],
  ['http://h/api//', 'http://h/api/'],
  ['HTTP://H/api/', 'http://h/api/'],
  ['http://[::1]:80/x', 'http://[::1]/x/'],
])('the base URL %s is %s', (given, expected) => {
  expect(new BaseClient({ baseURL: given }).baseURL).toBe(expected);
});

test.each([
  ['http://user:hunter2@host/', /credentials.*headers/],
  ['http://hunter2@host', /credentials/],
  ['http://user:hun/ter2@host', /credentials/],
  ['ws://user:hunter2@host', /credentials/],
  ['http://host/?token=hunter2', /query.*headers/],
  ['http://host/#hunter2', /fragment/],
  ['ftp://host/', /http:\/\/ or https:\/\//],
  ['ws://host/', /http:\/\/ or https:\/\//],
  ['localhost:8899', /http:\/\/ or https:\/\//],
  ['127.0.0.1:8899', /http:\/\/ or https:\/\//],
  ['http://', /valid URL/],
  ['http:host', /http:\/\//],
  ['http://host/\r\nx: y', /control characters/],
  ['', /baseURL must be a valid URL/],
  [undefined, /baseURL must be a valid URL/],
  [8899, /baseURL must be a valid URL/],
])('the base URL %j is refused, and no secret in it is repeated', (baseURL, message) => {
  const error = refusal({ baseURL });
  expect(error).toMatchObject({ statusCode: 400, code: 'INVALID_ARGUMENT' });
  expect(error.message).toMatch(message);
  expect(error.stack).not.toMatch(/hunter2|hun\/ter2/);
  expect(error.cause).toBe(undefined);
});

test.each([
  [{ timeout: 30 }, /timeout is in seconds in Python; pass timeoutMs: 30000/],
  [{ base_url: 'x' }, /"base_url".*baseURL/],
  [{ max_retries: 1 }, /maxRetries/],
  [{ retries: 1 }, /"retries".*maxRetries/],
  [{ timeoutMs: 0 }, /timeoutMs must be .*but is 0/],
  [{ timeoutMs: 300_001 }, /at most 300000/],
  [{ connectTimeoutMs: Number.NaN }, /connectTimeoutMs must be .*NaN/],
  [{ readTimeoutMs: '5' }, /readTimeoutMs.*"5".*readTimeoutMs: 5000/],
  [{ maxRetries: -1 }, /maxRetries/],
  [{ maxRetries: 1.5 }, /maxRetries/],
  [{ maxResponseBytes: 0 }, /maxResponseBytes/],
  [{ onRequest: 'x' }, /onRequest must be a function/],
  [{ authenticate: 'token' }, /authenticate must be a function/],
  [{ headers: [] }, /headers must be a plain object/],
  [{ headers: { 'x y': '1' } }, /"x y"/],
  [{ headers: { authorization: 'hunter2\r\nx: y' } }, /authorization/],
  [{ headers: { authorization: 'hunter2 한' } }, /authorization/],
  [{ headers: { authorization: 5 } }, /authorization/],
  [{ requester: {} }, /requester must be an HttpRequester of contract version 1/],
  [{ connectTimeoutMs: null }, /connectTimeoutMs must be .*null/],
  [{ readTimeoutMs: null }, /readTimeoutMs must be .*null/],
  [{ maxRetries: null }, /maxRetries must be .*null/],
  [{ maxResponseBytes: null }, /maxResponseBytes must be .*null/],
  [{ refreshOn: null }, /refreshOn must be .*null/],
  [{ requester: { contractVersion: 2, request: () => undefined } }, /contract version 1.* 2/],
])('the options %j are refused by name', (options, message) => {
  const error = refusal({ baseURL: 'http://h', ...options });
  expect(error.message).toMatch(message);
  expect(error.message).not.toContain('hunter2');
});

test.each(['http://h', undefined, null, 5])('%j instead of options is refused', (options) => {
  expect(refusal(options).message).toMatch(/options|baseURL/);
});

test('a subclass names the options that it takes besides', () => {
  class TenantClient extends BaseClient {
    static override readonly optionNames: readonly string[] = [...BaseClient.optionNames, 'tenant'];
  }
  const options = { baseURL: 'http://h', tenant: 'x' };
  expect(new TenantClient(options).baseURL).toBe('http://h/');
  expect(() => new TenantClient({ ...options, tennant: 'x' } as typeof options)).toThrow(
    /new TenantClient.*"tennant"/,
  );
  expect(refusal(options).message).toMatch(/new BaseClient.*"tenant"/);
});

test.each([
  [{ path: 'x', timeout: 30 }, /pass timeoutMs: 30000/],
  [{ path: 'x', params: {} }, /"params"/],
  [{ path: 'x', timeoutMs: 0 }, /timeoutMs/],
  [{ path: 'x', timeoutMs: -1 }, /timeoutMs/],
  [{ path: 'x', timeoutMs: Number.NaN }, /timeoutMs/],
  [{ path: 'x', timeoutMs: '5' }, /timeoutMs/],
  [{ path: 'x', timeoutMs: 300_001 }, /timeoutMs/],
  [{ path: 'x', maxRetries: '1' }, /maxRetries/],
  [{ path: 'x', maxRetries: null }, /maxRetries/],
  [{ path: 'x', method: null }, /method/],
  [{ path: 'x', signal: {} }, /AbortSignal/],
  [{ path: 'x', method: 'get' }, /method/],
  [{ path: 'x', method: 'TRACE' }, /method/],
  [{ path: 'x', expect: 'xml' }, /expect/],
  [{ path: 'x', timeoutBounds: 'body' }, /timeoutBounds/],
  [{ path: 'x', json: {} }, /GET and HEAD have no body/],
  [{ path: 'x', method: 'POST', json: {}, body: '' }, /exclude/],
  [{ path: 'x', method: 'POST', json: () => undefined }, /json/],
  [{ path: 'x', method: 'POST', body: { a: 1 } }, /body must be/],
  [{ path: 'x', headers: { 'x-a': 'a\nb' } }, /x-a/],
  [{ path: 'x', query: { a: {} } }, /"a"/],
  [{ path: 'x', query: { a: Number.NaN } }, /"a"/],
  [{ path: 'x', idempotent: 'yes' }, /idempotent/],
  [{ path: 'a b' }, /percent-encoded/],
  [{ path: 'x\r\nHost: evil' }, /percent-encoded/],
  [{ path: 'https://elsewhere/x' }, /credentials never leave/],
  [{ path: '//elsewhere/x' }, /credentials never leave/],
  [{ path: '\\\\elsewhere\\x' }, /credentials never leave/],
  [{ path: 'javascript:alert(1)' }, /credentials never leave/],
  [{ path: '//user:hunter2@h/' }, /credentials/],
  [{ path: 5 }, /path/],
  [undefined, /object of options/],
])('the call %j is refused before anything is sent', async (call, message) => {
  await using server = await startServer((_request, response) => sendJson(response, 200, {}));
  const client = new BaseClient({ baseURL: server.url });
  for (const start of ['request', 'stream'] as const) {
    const error = await rejectionOf(client[start](call as { path: string }));
    expect(error).toMatchObject({ statusCode: 400, code: 'INVALID_ARGUMENT' });
    expect(String(error)).toMatch(message);
    expect(String(error)).not.toContain('hunter2');
  }
  expect(server.requests).toHaveLength(0);
});

test('paths are relative to the base URL, those with a slash to its origin, and absolute ones stay on it', () => {
  const client = new BaseClient({ baseURL: 'http://h:81/api' });
  expect(client.url('jobs/a%2Fb/')).toBe('http://h:81/api/jobs/a%2Fb/');
  expect(client.url('jobs/', { a: 'x y&z', b: 2, c: true, d: undefined })).toBe(
    'http://h:81/api/jobs/?a=x+y%26z&b=2&c=true',
  );
  expect(client.url('/other/?page=2', { size: 5 })).toBe('http://h:81/other/?page=2&size=5');
  expect(client.url('http://h:81/api/jobs/?page=2#top')).toBe('http://h:81/api/jobs/?page=2');
  expect(() => client.url('http://h:82/')).toThrow(InvalidArgumentError);
});

test('a requester that is given is left to its owner; one that the client made is closed', async () => {
  const closed: string[] = [];
  const requester = (name: string): HttpRequester => ({
    contractVersion: 1,
    request: () => Promise.reject(new Error('unused')),
    close: async () => void closed.push(name),
  });
  await new BaseClient({ baseURL: 'http://h', requester: requester('given') }).close();
  const owner = new BaseClient({ baseURL: 'http://h', requester: () => requester('made') });
  await owner.close();
  await owner.close();
  expect(closed).toEqual(['made']);
});
