import { StreamLimits } from '@raywire/agent';
import { endOf, errorOf, inOrder, read, thrownBy } from './outcomes.js';
import { follow, LONG_LOG, readSlowly, tailCut, tailDisturbed, tailWhole } from './tails.js';

/** By their names, which the suite knows. */
export const steps = {
  async 'asks for everything'({ client }) {
    const { status, capabilities } = await client.healthCheck();
    const { job_id } = await client.submitJob({ entrypoint: 'echo hello; exit 3' });
    const job = await client.waitForJob(job_id);
    const jobs = await client.listJobs();
    const logs = await client.getJobLogs(job_id);
    const nodes = await client.listNodes();
    const node = await client.getNode(nodes.items[0].node_id);
    const tasks = await client.listTasks();
    const applications = await client.listServeApplications();
    const gpus = typeof (await client.getGpuStatus());
    await client.deleteJob(job_id);
    const deleted = await errorOf(() => client.getJob(job_id));
    return {
      status,
      capabilities,
      job: { status: job.status, exitCode: job.driver_exit_code },
      listed: [...jobs].some((listed) => listed.job_id === job_id),
      logs,
      alive: node.alive,
      tasks: Array.isArray(tasks.items),
      applications: applications.items,
      gpus,
      deleted,
    };
  },

  async 'runs a job in an archive, which it uploads once'({ client }) {
    // A ZIP archive of nothing: its end alone.
    const workingDirectory = new Blob([Uint8Array.from([0x50, 0x4b, 5, 6, ...new Array(18).fill(0)])]);
    const lines = [];
    const phases = [];
    for (let time = 0; time < 2; time++) {
      const onUploadProgress = ({ phase }) => phases.push(phase);
      const run = client.runJob({ entrypoint: 'ls | wc -l', workingDirectory, onUploadProgress });
      lines.push(...(await read(run)));
      await client.deleteJob((await run.result).id);
    }
    return { lines, reused: phases.at(-1) };
  },

  'tails by WebSocket': (scenario) => tailWhole(scenario, 'websocket'),
  'tails by HTTP': (scenario) => tailWhole(scenario, 'http'),
  'tails by auto': (scenario) => tailWhole(scenario, 'auto'),

  'follows a running job by WebSocket': (scenario) => follow(scenario, 'websocket'),
  'follows a running job by HTTP': (scenario) => follow(scenario, 'http'),

  async 'gives batches, a ReadableStream, and the last lines'(scenario) {
    const { client } = scenario;
    const jobId = await scenario.run('shapes', "seq -f 'line %.0f' 1 100");
    let batched = 0;
    for await (const batch of client.tailJobLogs(jobId).batches()) batched += batch.length;
    const streamed = [];
    const reader = client.tailJobLogs(jobId).toReadableStream().getReader();
    for (let next = await reader.read(); !next.done; next = await reader.read()) streamed.push(next.value);
    const last = [];
    for await (const line of client.tailJobLogs(jobId, { tailLines: 2 })) last.push(line);
    return { batched, streamed: streamed.length, last };
  },

  async 'breaks off, and resumes from a cursor of JSON over the other wire'(scenario) {
    const jobId = await scenario.run('resume', LONG_LOG);
    const lines = [];
    let saved;
    const ends = [];
    for (const [protocol, count] of [
      ['websocket', 1234],
      ['http', 5678],
      ['websocket', Number.POSITIVE_INFINITY],
    ]) {
      const client = scenario.newClient();
      const tail = client.tailJobLogs(jobId, { protocol, ...(saved && { cursor: JSON.parse(saved) }) });
      let taken = 0;
      for await (const line of tail) {
        lines.push(line);
        taken += 1;
        if (taken === count) break;
      }
      saved = JSON.stringify(tail.cursor);
      ends.push((await tail.end).reason);
      await client.close();
    }
    return { ...inOrder(lines), ends };
  },

  'resumes after its WebSocket was cut': (scenario) => tailCut(scenario, 'cut-websocket', 'websocket'),
  'resumes after its HTTP stream was cut': (scenario) => tailCut(scenario, 'cut-http', 'http'),

  'notices that its WebSocket has died silently': (scenario) =>
    tailDisturbed(scenario, 'dead-websocket', 'websocket'),
  'notices that its HTTP stream has died silently': (scenario) =>
    tailDisturbed(scenario, 'dead-http', 'http'),

  'goes on by HTTP where WebSockets are refused': (scenario) => tailDisturbed(scenario, 'no-upgrade', 'auto'),

  'stops the server while it does not read, by auto': (scenario) => readSlowly(scenario, 'slow-auto', 'auto'),
  'stops the server while it does not read, by HTTP': (scenario) => readSlowly(scenario, 'slow-http', 'http'),

  async 'ends at a limit, with a cursor'(scenario) {
    const jobId = await scenario.run('limit', "seq -f 'line %.0f' 1 100");
    const lines = [];
    const streamLimits = new StreamLimits({ maxLines: 10 });
    let cursor;
    const error = await errorOf(async () => {
      try {
        for await (const line of scenario.client.tailJobLogs(jobId, { streamLimits })) lines.push(line);
      } catch (cause) {
        cursor = cause.cursor;
        throw cause;
      }
    });
    const rest = [];
    for await (const line of scenario.client.tailJobLogs(jobId, { cursor })) rest.push(line);
    return { lines: lines.length, error, rest: rest.length, next: rest[0] };
  },

  async 'says that nothing listens'(scenario) {
    const client = scenario.newClient({ baseURL: scenario.config.refusedURL, maxRetries: 0 });
    const errors = { listJobs: await errorOf(() => client.listJobs()) };
    for (const protocol of ['auto', 'websocket', 'http']) {
      errors[protocol] = await errorOf(() => read(client.tailJobLogs('job', { protocol })));
    }
    await client.close();
    return errors;
  },

  async 'says what the server refuses'(scenario) {
    const jobId = await scenario.run('refused', 'true');
    const stranger = scenario.newClient({ agentToken: 'not-the-token' });
    const errors = { listJobs: await errorOf(() => stranger.listJobs()) };
    for (const protocol of ['auto', 'websocket', 'http']) {
      errors[`${protocol} 401`] = await errorOf(() => read(stranger.tailJobLogs(jobId, { protocol })));
      errors[`${protocol} 404`] = await errorOf(() =>
        read(scenario.client.tailJobLogs('no-such', { protocol })),
      );
    }
    await stranger.close();
    errors.conflict = await errorOf(() =>
      scenario.client.submitJob({ submissionId: 'refused', entrypoint: 'echo other' }),
    );
    return errors;
  },

  async 'refuses bad arguments before anything is sent'({ client }) {
    return {
      id: thrownBy(() => client.tailJobLogs('a/b')),
      option: thrownBy(() => client.tailJobLogs('job', { timeout: 30 })),
      cursor: thrownBy(() => client.tailJobLogs('job', { cursor: {} })),
    };
  },

  async 'gives up connecting after its time-out'(scenario) {
    const errors = {};
    const client = scenario.newClient({ reconnect: { initialDelayMs: 10, giveUpAfterMs: 0 } });
    for (const protocol of ['websocket', 'http']) {
      const jobId = await scenario.submitWaiting(`mute-${protocol}`);
      errors[protocol] = await errorOf(() => read(client.tailJobLogs(jobId, { protocol, timeoutMs: 400 })));
      await scenario.release(jobId);
    }
    await client.close();
    return errors;
  },

  async 'throws the reason of an aborted signal'(scenario) {
    const outcome = {};
    for (const protocol of ['websocket', 'http']) {
      const jobId = await scenario.submitWaiting(`abort-${protocol}`);
      const controller = new AbortController();
      const reason = new Error('enough');
      const tail = scenario.client.tailJobLogs(jobId, { protocol, signal: controller.signal });
      let lines = 0;
      let thrown;
      try {
        for await (const _line of tail) {
          lines += 1;
          // The tail has nothing more to give, and waits, when it is aborted.
          if (lines === 10) setTimeout(() => controller.abort(reason));
        }
      } catch (error) {
        thrown = error;
      }
      outcome[protocol] = { lines, same: thrown === reason, end: (await tail.end).reason };
      await scenario.release(`abort-${protocol}`);
    }
    return outcome;
  },

  async 'stops a job, whose tail is complete'(scenario) {
    const jobId = await scenario.submitWaiting('stop');
    const tail = scenario.client.tailJobLogs(jobId);
    let lines = 0;
    for await (const _line of tail) {
      lines += 1;
      if (lines === 10) await scenario.client.stopJob(jobId);
    }
    return { lines, ...endOf(await tail.end) };
  },
};
