import { expect, test } from 'vitest';
import { ClientConnectionError } from '../errors/client-connection-error.js';
import { connectFailure } from './connect-failure.js';

const URL_WITH_SECRETS = 'ws://me:hunter2@host:81/path-s3cret?token=t0k';

test.each([
  ['ECONNREFUSED', /nothing listens there/],
  ['ENOTFOUND', /host name cannot be resolved/],
  ['EHOSTUNREACH', /no route to the host/],
  ['ECONNRESET', /closed before the answer/],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', /certificate is not trusted .*tls: \{ ca \}/],
  ['ERR_SSL_WRONG_VERSION_NUMBER', /does not speak TLS/],
  ['HPE_INVALID_CONSTANT', /not HTTP/],
  ['ESOMETHING', /is the URL right, and is the server up\?/],
])('%s is reported with its meaning and the origin alone', (code, meaning) => {
  const cause = Object.assign(new Error(`connect ${code} ${URL_WITH_SECRETS}`), { code });
  const error = connectFailure(URL_WITH_SECRETS, cause);
  expect(ClientConnectionError.isInstance(error)).toBe(true);
  expect(error).toMatchObject({ statusCode: 503, code: 'CONNECTION_FAILED', cause: { code } });
  expect(error.message.startsWith(`ws://host:81 cannot be reached (${code}): `)).toBe(true);
  expect(error.message).toMatch(meaning);
  expect(`${error.stack} ${error.cause}`).not.toMatch(/hunter2|t0k/);
});

test('a time-out of the system is a time-out', () => {
  const error = connectFailure('http://host/x', { errors: [{ code: 'ETIMEDOUT' }] });
  expect(error).toMatchObject({ name: 'ClientTimeoutError', statusCode: 408, code: 'CONNECT_TIMEOUT' });
});

test('a URL that is not one is not repeated', () => {
  expect(connectFailure('//me:hunter2@host').message).toMatch(/^The server cannot be reached: /);
});
