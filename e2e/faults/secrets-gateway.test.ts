import { createGateway, type GatewayEvent } from '@raywire/gateway';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { printable, SECRETS } from './lab/marked-secrets.js';
import { MemoryJobs } from './lab/memory-jobs.js';

describe('a gateway', () => {
  const jobs = new MemoryJobs();
  const events: GatewayEvent[] = [];
  const token = 'SECRETCORE6-of-the-gateway';
  const gateway = createGateway({
    driver: { ...jobs.driver, get: () => Promise.reject(new Error(`inside: ${token}`)) },
    token,
    onEvent: (event) => events.push(event),
  });
  beforeAll(async () => {
    await gateway.listen();
    jobs.add('job', { bytes: Buffer.from('one\n'), life: 'ended', readBytes: 100, startTime: 1 });
  });
  afterAll(() => gateway.close());

  it.each([
    ['GET', '/jobs/', { authorization: SECRETS.agentToken }],
    ['GET', `/jobs/?token=${SECRETS.query}`, { authorization: token }],
    ['GET', `/nothing/${SECRETS.query}?ticket=${SECRETS.query}`, { authorization: token }],
    ['GET', '/jobs/job/', { authorization: token }],
    ['POST', '/jobs/', { authorization: token, 'content-type': `application/${SECRETS.query}` }],
    ['GET', `/jobs/job/logs/?ticket=${SECRETS.query}`, {}],
    ['GET', '/jobs/', { authorization: token, host: `${SECRETS.query}.example` }],
    ['GET', '/jobs/', { authorization: token, origin: `http://${SECRETS.query}.example` }],
  ])('repeats no credential: %s %s', async (method, path, headers) => {
    const before = events.length;
    const response = await fetch(gateway.url + path, { method, headers });
    const answer = `${JSON.stringify([...response.headers])} ${await response.text()}`;
    expect(answer).not.toContain(token);
    expect(answer).not.toContain(SECRETS.agentToken);
    // What its driver throws is told to the owner, who wrote the driver; what a caller sends is not.
    const told = events.slice(before).map((event) => printable(event));
    for (const text of told) expect(text).not.toMatch(/SECRETCORE[15]/);
  });
});
