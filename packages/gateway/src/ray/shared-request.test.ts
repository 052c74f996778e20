import { expect, test } from 'vitest';
import { SharedRequest } from './shared-request.js';

function openRequest() {
  const sent: PromiseWithResolvers<string>[] = [];
  const request = new SharedRequest(() => {
    const answer = Promise.withResolvers<string>();
    sent.push(answer);
    return answer.promise;
  });
  return { request, sent };
}

test('those who come while a request runs share the next one, which is sent when it has ended', async () => {
  const { request, sent } = openRequest();
  const first = request.get();
  await expect.poll(() => sent.length).toBe(1);
  const later = [request.get(), request.get(), request.get()];
  sent[0]?.resolve('first');
  expect(await first).toBe('first');
  await expect.poll(() => sent.length).toBe(2);
  sent[1]?.resolve('second');
  expect(await Promise.all(later)).toEqual(['second', 'second', 'second']);
  const last = request.get();
  await expect.poll(() => sent.length).toBe(3);
  sent[2]?.resolve('third');
  expect(await last).toBe('third');
});

test('a failure is that of its own callers alone', async () => {
  const { request, sent } = openRequest();
  const first = request.get();
  await expect.poll(() => sent.length).toBe(1);
  const second = request.get();
  sent[0]?.reject(new Error('the head is gone'));
  await expect(first).rejects.toThrow('the head is gone');
  await expect.poll(() => sent.length).toBe(2);
  sent[1]?.resolve('second');
  expect(await second).toBe('second');
});
