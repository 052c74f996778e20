import { expect, test } from 'vitest';
import { startGateway } from '../testing/gateway-harness.js';

/** Of one answer or one connection alone. */
const PASSING = ['date', 'connection', 'keep-alive', 'transfer-encoding'];

test.each([
  '/health/',
  '/jobs/',
  '/jobs/job/',
  '/jobs/nope/',
  '/jobs/a.b/',
  '/jobs/job/logs/',
  '/jobs/nope/logs/',
  '/jobs/job/logs/stream/?offset=2',
  '/jobs/job/logs/stream/?offset=99',
  '/jobs/nope/logs/stream/',
  '/nodes/nope/',
  '/tasks/',
  '/gpu_status/',
  '/serve_applications/',
])('HEAD %s is answered as GET is, without the body', async (path) => {
  const harness = await startGateway();
  await harness.ended(await harness.submit('echo 123456', { submission_id: 'job' }));
  const ask = async (method: string) => {
    const { status, headers, text } = await harness.call(method, path);
    return { status, headers: [...headers].filter(([name]) => !PASSING.includes(name)), text };
  };
  const got = await ask('GET');
  expect(got.text).not.toBe('');
  expect(await ask('HEAD')).toEqual({ ...got, text: '' });
});

test('HEAD of a log that is still written is answered at once, and reads none of it', async () => {
  const harness = await startGateway();
  const id = await harness.submit('exec sleep 60');
  for (const path of [`/jobs/${id}/logs/`, `/jobs/${id}/logs/stream/`]) {
    expect((await harness.call('HEAD', path)).status).toBe(200);
  }
  expect((await harness.call('HEAD', '/tickets/')).headers.get('allow')).toBe('POST');
  expect((await harness.call('PUT', `/jobs/${id}/`)).headers.get('allow')).toBe('GET, DELETE, HEAD');
});
