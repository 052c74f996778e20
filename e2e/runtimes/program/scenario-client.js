import { AgentClient, StreamLimits } from '@raywire/agent';

export const UNTIL_RELEASED = 'until [ -e "$GO" ]; do sleep 0.02; done';

/** What the steps share: a client, and what stands behind it. */
export class Scenario {
  constructor(config) {
    this.config = config;
    this.client = this.newClient();
  }

  newClient(options = {}) {
    return new AgentClient({
      baseURL: this.config.baseURL,
      agentToken: this.config.agentToken,
      streamLimits: StreamLimits.unlimited(),
      reconnect: { initialDelayMs: 20, maxDelayMs: 100, giveUpAfterMs: 10_000 },
      heartbeat: { intervalMs: 300, timeoutMs: 1_000 },
      ...options,
    });
  }

  async control(path, method = 'GET') {
    const response = await fetch(`${this.config.controlURL}/${path}`, { method });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return response.json();
  }

  async submit(submissionId, entrypoint) {
    const env_vars = { GO: `${this.config.goDirectory}/${submissionId}` };
    const { job_id } = await this.client.submitJob({ submissionId, entrypoint, runtimeEnv: { env_vars } });
    return job_id;
  }

  /** A job that has ended before it is tailed. */
  async run(submissionId, entrypoint) {
    const jobId = await this.submit(submissionId, entrypoint);
    await this.client.waitForJob(jobId);
    return jobId;
  }

  /** A job that prints ten lines, waits for `release`, and prints ten more. */
  submitWaiting(submissionId) {
    return this.submit(submissionId, `seq -f 'line %.0f' 1 10; ${UNTIL_RELEASED}; seq -f 'line %.0f' 11 20`);
  }

  release(submissionId) {
    return this.control(`release/${submissionId}`, 'POST');
  }
}
