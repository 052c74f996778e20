import { expect } from 'vitest';
import { type ContractCase, drain, rejectionOf } from '../contract-case.js';

const PATIENCE_MS = 3_000;
const SETTLED_AFTER_TURNS = 100;

/** Nothing is left behind. */
export const resourceCases: readonly ContractCase[] = [
  {
    name: 'leaves no socket and no timer behind, however a connection went',
    async run({ transport, server, open, connect }) {
      // What is there before belongs to the test runner, and to the server that listens.
      const before = await settledResources();
      const heartbeat = { intervalMs: 60_000, timeoutMs: 120_000 };

      const ended = await connect({ heartbeat });
      await ended.peer.end();
      await drain(ended.connection);

      const left = await connect({ heartbeat });
      await left.peer.send('one');
      for await (const _frame of left.connection) break;

      const broken = await connect({ heartbeat });
      await broken.peer.break('fin');
      await drain(broken.connection);

      const controller = new AbortController();
      const aborted = await connect({ heartbeat, signal: controller.signal });
      controller.abort();
      await rejectionOf(aborted.connection[Symbol.asyncIterator]().next());

      const refused = rejectionOf(open({ connectTimeoutMs: 60_000 }));
      await (await server.next()).refuse({ status: 503 });
      await refused;

      const late = rejectionOf(open({ connectTimeoutMs: 50 }));
      await server.next();
      await late;

      await transport.close?.();
      const deadline = performance.now() + PATIENCE_MS;
      while (added(before) !== '' && performance.now() < deadline) await turn();
      expect(added(before)).toBe('');
    },
  },
];

/** What keeps this process alive. */
function resources(): string[] {
  return process.getActiveResourcesInfo().filter((name) => name !== 'Immediate');
}

/** The same, once the cases before this one have let go of theirs. */
async function settledResources(): Promise<string[]> {
  let settled = resources();
  for (let turns = 0; turns < SETTLED_AFTER_TURNS; turns += 1) {
    await turn();
    const current = resources();
    if (current.length !== settled.length) {
      settled = current;
      turns = 0;
    }
  }
  return settled;
}

/** What is there now and was not before. */
function added(before: readonly string[]): string {
  const rest = [...before];
  const more = resources().filter((name) => {
    const index = rest.indexOf(name);
    if (index >= 0) rest.splice(index, 1);
    return index < 0;
  });
  return more.join(' ');
}

/** By turns of the event loop: a timer would be one of those that are counted. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
