import { describe, expect, it } from 'vitest';
import { agentWith } from './tail-lab.js';

/** A client of an agent with these pages of `jobs/`. */
async function clientOf(pages: Record<string, unknown>) {
  const { client } = await agentWith({
    request(request, response) {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify(pages[request.url ?? '']));
      return true;
    },
  });
  return client;
}

const first = { job_id: '1', status: 'RUNNING' };
const second = { job_id: '2', status: 'RUNNING' };

describe('a list of odd shape', () => {
  it.each([
    [
      'whose second page is a bare array',
      { '/jobs/': { results: [first], next: '/jobs/?p=2' }, '/jobs/?p=2': [second] },
    ],
    ['whose next is a number', { '/jobs/': { results: [first], next: 2 } }],
  ])('%s is no list', async (_, pages) => {
    const client = await clientOf(pages);
    await expect(client.listJobs()).rejects.toMatchObject({ statusCode: 502, code: 'UNEXPECTED_RESPONSE' });
  });

  it('that says nothing of a next page ends there', async () => {
    const client = await clientOf({ '/jobs/': { results: [first] } });
    expect(await client.listJobs()).toMatchObject({ items: [first], total: 1, truncated: false });
  });

  it('has at least as many items as came, whatever its count says', async () => {
    const client = await clientOf({ '/jobs/': { count: 1, results: [first, second], next: null } });
    expect(await client.listJobs()).toMatchObject({ total: 2, truncated: false });
  });

  it('that ends before its count is cut short', async () => {
    const client = await clientOf({ '/jobs/': { count: 5, results: [first], next: null } });
    expect(await client.listJobs()).toMatchObject({ total: 5, truncated: true });
  });
});
