import { once } from 'node:events';
import { expect, test } from 'vitest';
import type { GatewayEvent } from './gateway-options.js';
import { startGateway } from './testing/gateway-harness.js';

test.each([
  ['throws', () => fail()],
  ['rejects', async () => fail()],
])(
  'an onEvent that %s is a warning of the process, once, and the gateway goes on',
  async (_name, onEvent) => {
    const harness = await startGateway({
      onEvent: (event: GatewayEvent) => (event.type === 'listening' ? undefined : onEvent()),
    });
    const warnings: Error[] = [];
    const listener = (warning: Error) => warnings.push(warning);
    process.on('warning', listener);
    const warned = once(process, 'warning');
    // The first and the tenth are told.
    for (let count = 0; count < 10; count += 1) {
      expect((await harness.call('GET', '/health/', undefined, { authorization: 'wrong' })).status).toBe(401);
    }
    await warned;
    expect((await harness.call('GET', '/health/')).status).toBe(200);
    process.off('warning', listener);
    expect(warnings.map(({ message }) => message)).toEqual([
      'onEvent of the gateway failed: no room for events. Further failures are not reported. Catch errors within onEvent.',
    ]);
  },
);

function fail(): never {
  throw new Error('no room for events');
}
