import { expect, test } from 'vitest';
import { retryDelay } from '../client/retry-delay.js';
import { moduleUnavailable } from './module-unavailable.js';

test.each([
  ['Dynamic require of "node:assert" is not supported', /external.*createRequire/],
  ['require is not defined in ES module scope', /external.*createRequire/],
  ['A dynamic import callback was invoked without --experimental-vm-modules', /Run Jest with NODE_OPTIONS/],
  ["Cannot find package 'undici' imported from /app/dist/main.js", /Install undici where the program runs/],
  ['Unexpected end of input', /Is it installed, and complete\?/],
])('a library that cannot be loaded because of “%s” is told with the remedy', (reason, remedy) => {
  const cause = new Error(reason);
  const error = moduleUnavailable('undici', cause);
  expect(error).toMatchObject({ code: 'TRANSPORT_UNAVAILABLE', statusCode: 500, cause });
  expect(error.message).toContain(`undici cannot be loaded: ${reason}. `);
  expect(error.message).toMatch(remedy);
  expect(error.message).toContain('README of @raywire/agent');
});

test('of a long message of a loader the first line is told, and what is thrown need not be an error', () => {
  const long = moduleUnavailable('ws', new Error(`${'x'.repeat(1_000)}\nRequire stack:\n- /app/main.js`));
  expect(long.message.length).toBeLessThan(400);
  expect(moduleUnavailable('ws', new Error("Cannot find module 'ws'\nRequire stack")).message).toMatch(
    /^ws cannot be loaded: Cannot find module 'ws'\. Install ws where/,
  );
  expect(moduleUnavailable('ws', undefined).message).toMatch(/^ws cannot be loaded: undefined\. /);
});

test('a call is not repeated for a library that cannot be loaded', () => {
  expect(retryDelay(moduleUnavailable('undici', new Error('no')), 1, 2)).toBeUndefined();
});
