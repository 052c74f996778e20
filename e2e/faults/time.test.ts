import { AgentClient, type AgentClientOptions } from '@raywire/agent';
import { collect, spawnGateway } from '@raywire/testing';
import { describe, expect, it } from 'vitest';
import { movableClock } from './lab/movable-clock.js';
import { spawnTail } from './lab/spawn-tail.js';

const TOKEN = 'token-out-of-time';
const HOUR_MS = 3_600_000;
const SUSPENDED_MS = 20_000;
const LINES = 60;
const expected = Array.from({ length: LINES }, (_, index) => `line ${index}`);
// Its own clock is none of the test's.
const runtimeEnv = { env_vars: { LD_PRELOAD: '' } };

/** A job that writes its lines one by one. */
const writing = (seconds: number) =>
  `i=0; while [ $i -lt ${LINES} ]; do echo line $i; i=$((i+1)); sleep ${seconds / LINES}; done`;

/** Resolves when `count` lines of a job's log are there. */
async function written(client: AgentClient, jobId: string, count: number): Promise<void> {
  let seen = 0;
  for await (const _ of client.tailJobLogs(jobId)) if (++seen === count) return;
}

describe.concurrent('time', () => {
  it('that jumps by hours, for the gateway and its viewers, is seen in no tail', async ({
    onTestFinished,
  }) => {
    const clock = await movableClock();
    onTestFinished(() => clock.close());
    const gateway = await spawnGateway({ token: TOKEN, environment: clock.environment });
    onTestFinished(() => gateway.close());
    const client = new AgentClient({ baseURL: gateway.url, agentToken: TOKEN });
    onTestFinished(() => client.close());
    const { job_id: jobId } = await client.submitJob({ entrypoint: writing(6), runtimeEnv });
    const tails = ['websocket', 'http'].map((protocol) =>
      spawnTail({ url: gateway.url, token: TOKEN, jobId, protocol }, clock.environment),
    );
    onTestFinished(async () => {
      for (const open of tails) await open.close();
    });
    await Promise.all(tails.map(({ begun }) => begun));
    await clock.moveTo(9);
    await written(client, jobId, LINES / 2);
    await clock.moveTo(-7);
    for (const { ended } of tails) {
      const { output, end } = await ended;
      expect(output.toString()).toBe(`${expected.join('\n')}\n`);
      expect(end).toEqual({ reason: 'complete', reconnects: 0, wandered: [-7, 9] });
    }
    const { start_time, end_time } = await client.getJob(jobId);
    expect(Math.round((Number(end_time) - Number(start_time)) / HOUR_MS)).toBe(-7);
  });

  it('that passes while the gateway is suspended costs no line', async ({ onTestFinished }) => {
    const gateway = await spawnGateway({ token: TOKEN });
    onTestFinished(() => gateway.close());
    const impatient: Partial<AgentClientOptions> = {
      heartbeat: { intervalMs: 200, timeoutMs: 600 },
      reconnect: { initialDelayMs: 10, maxDelayMs: 100 },
    };
    const clients = [{}, impatient].map(
      (options) => new AgentClient({ baseURL: gateway.url, agentToken: TOKEN, ...options }),
    );
    onTestFinished(async () => {
      for (const open of clients) await open.close();
    });
    const [patient] = clients as [AgentClient];
    const { job_id: jobId } = await patient.submitJob({ entrypoint: writing((SUSPENDED_MS / 1_000) * 1.5) });
    const tails = clients.flatMap((client) =>
      ['websocket', 'http'].map((protocol) =>
        collect(client.tailJobLogs(jobId, { protocol, ...(client !== patient && { timeoutMs: 1_000 }) })),
      ),
    );
    await written(patient, jobId, 5);
    gateway.signal('SIGSTOP');
    await new Promise((resolve) => setTimeout(resolve, SUSPENDED_MS));
    gateway.signal('SIGCONT');
    const all = await Promise.all(tails);
    for (const { lines, error, end } of all) {
      expect({ lines, error, reason: end.reason }).toEqual({
        lines: expected,
        error: undefined,
        reason: 'complete',
      });
    }
    expect(all.map(({ end }) => end.reconnects > 0)).toEqual([false, false, true, true]);
  });
});
