import { describe, expect, test } from 'vitest';
import { startGateway } from '../testing/gateway-harness.js';
import { rawGet, sendRaw } from '../testing/raw-request.js';
import { callerAddress } from './caller-address.js';
import { WrongTokens } from './wrong-tokens.js';

describe('wrong tokens', () => {
  test('are reported at the 1st, 10th, 100th, and answered later and later from the 21st on', () => {
    const reported: [string, number][] = [];
    const wrong = new WrongTokens((...event) => reported.push(event));
    const delays = Array.from({ length: 1_000 }, () => wrong.count('a'));
    expect(delays.slice(0, 20)).toEqual(Array(20).fill(0));
    expect(delays.slice(20, 23)).toEqual([50, 100, 150]);
    expect(delays.at(-1)).toBe(1_000);
    expect(wrong.count('b')).toBe(0);
    expect(reported).toEqual([...[1, 10, 100, 1_000].map((count) => ['a', count]), ['b', 1]]);
  });

  test('of a caller are forgotten after ten quiet minutes, or when a thousand others came after it', () => {
    let now = 0;
    const wrong = new WrongTokens(
      () => undefined,
      () => now,
    );
    const delayAfter30 = (): number => {
      for (let count = 0; count < 29; count += 1) wrong.count('a');
      return wrong.count('a');
    };
    expect(delayAfter30()).toBe(500);
    now += 600_001;
    expect(delayAfter30()).toBe(500);
    for (let count = 0; count < 1_000; count += 1) wrong.count(`other ${count}`);
    expect(wrong.count('a')).toBe(0);
  });

  test('make the right one wait for nothing, and events name neither', async () => {
    const harness = await startGateway();
    const guess = () => harness.call('GET', '/health/', undefined, { authorization: 'a-guess' });
    for (let count = 0; count < 20; count += 1) expect((await guess()).status).toBe(401);
    const late = [guess(), guess(), guess(), guess()];
    const begun = performance.now();
    const right = harness.call('GET', '/health/').then(({ status }) => ({ status, at: performance.now() }));
    const wrong = await Promise.all(late);
    expect(wrong.map(({ status }) => status)).toEqual([401, 401, 401, 401]);
    const ended = performance.now();
    expect(ended - begun).toBeGreaterThan(190);
    expect(await right).toMatchObject({ status: 200 });
    expect((await right).at).toBeLessThan(ended);
    expect(JSON.stringify(harness.events)).not.toContain('a-guess');
  });

  test('that follow another on the same connection without waiting are neither checked nor answered', async () => {
    const harness = await startGateway();
    const guess = rawGet('/health/', {
      host: 'localhost',
      authorization: 'a-guess',
      connection: 'keep-alive',
    });
    expect(await sendRaw(harness, guess)).toMatch(/^HTTP\/1.1 401 /);
    // To be reset is one way of getting no answer.
    const answers = await sendRaw(harness, guess.repeat(1_000)).catch(String);
    expect(answers.split('HTTP/1.1').length).toBeLessThanOrEqual(2);
    expect(harness.events.filter(({ type }) => type === 'token-refused')).toHaveLength(1);
    expect((await harness.call('GET', '/health/')).status).toBe(200);
  });

  test.each([
    ['127.0.0.1', '127.0.0.1'],
    ['::ffff:10.1.2.3', '10.1.2.3'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:db8:1:2::9', '2001:db8:1:2::/64'],
    ['2001:db8::9', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    [undefined, 'unknown'],
  ])('a caller at %s is counted as %s', (remoteAddress, caller) => {
    expect(callerAddress({ remoteAddress })).toBe(caller);
  });
});
