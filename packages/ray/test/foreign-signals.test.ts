import type { AgentClient } from '@raywire/agent';
import { describe, expect, it } from 'vitest';
import { agentWith } from './tail-lab.js';

/** As an old polyfill has it: without `reason`'s companions, and no `AbortSignal` of this realm. */
function polyfill() {
  const listeners = new Set<() => void>();
  const signal = {
    aborted: false,
    reason: undefined as unknown,
    addEventListener: (_: string, listener: () => void) => void listeners.add(listener),
  };
  return {
    signal: signal as unknown as AbortSignal,
    abort(reason: unknown) {
      Object.assign(signal, { aborted: true, reason });
      for (const listener of listeners) listener();
    },
  };
}

const calls: [name: string, call: (client: AgentClient, signal: AbortSignal) => Promise<unknown>][] = [
  ['listJobs', (client, signal) => client.listJobs({ signal })],
  ['getJob', (client, signal) => client.getJob('job', { signal })],
  ['getJobLogs', (client, signal) => client.getJobLogs('job', { signal })],
  ['stopJob', (client, signal) => client.stopJob('job', { signal })],
  ['stopJob, waiting', (client, signal) => client.stopJob('job', { signal, untilStopped: true })],
  ['submitJob', (client, signal) => client.submitJob({ entrypoint: 'true', signal })],
  ['runJob', (client, signal) => client.runJob({ entrypoint: 'true', signal }).result],
  [
    'runJob, stopping',
    (client, signal) => client.runJob({ entrypoint: 'true', signal, stopOnAbort: true }).submitted,
  ],
  ['waitForJob', (client, signal) => client.waitForJob('job', { signal })],
  ['request', (client, signal) => client.request({ path: 'health/', signal })],
  ...(['tailJobLogs', 'websocketTailJobLogs', 'streamTailJobLogs'] as const).map(
    (method): (typeof calls)[number] => [
      method,
      (client, signal) => client[method]('job', { signal })[Symbol.asyncIterator]().next(),
    ],
  ),
];

describe('a signal of a polyfill', () => {
  it.each(calls)('ends %s with its own reason', async (_, call) => {
    const reached = Promise.withResolvers<void>();
    const { client } = await agentWith({
      // Nothing is ever answered.
      request: () => {
        reached.resolve();
        return true;
      },
    });
    const { signal, abort } = polyfill();
    const reason = new Error('enough');
    const outcome = call(client, signal).catch((error: unknown) => error);
    await reached.promise;
    abort(reason);
    expect(await outcome).toBe(reason);
  });
});
