// What a user of @raywire/agent does, in one program for every runtime: standard JavaScript, no module of any runtime.
// Each step gives a plain value (or what it threw) for the suite to judge.
import { AgentClient, ClientError, StreamLimits } from '@raywire/agent';

const LONG_LOG = "seq -f 'line %07.0f ünïcode ✓ of a long log' 1 20000";
const HUGE_LOG = `seq -f 'line %07.0f ${'x'.repeat(87)}' 1 400000`;

const UNTIL_RELEASED = 'until [ -e "$GO" ]; do sleep 0.02; done';

/**
 * @param config.baseURL a gateway, behind a proxy that cuts, mutes and counts
 * @param config.controlURL tells of the proxy and of the gateway, and releases jobs that wait
 * @param config.refusedURL nothing listens there
 * @param config.goDirectory where a released job finds its sign
 */
export async function runScenario(config) {
  const scenario = new Scenario(config);
  const report = {};
  for (const [name, step] of Object.entries(steps)) {
    const start = performance.now();
    report[name] = await outcomeOf(() => withinTime(step(scenario)));
    report[name].milliseconds = Math.round(performance.now() - start);
  }
  await scenario.client.close();
  report['nobody reads a log any more'] = await outcomeOf(() => scenario.control('unread'));
  return report;
}

class Scenario {
  constructor(config) {
    this.config = config;
    this.client = this.newClient();
  }

  newClient(options = {}) {
    return new AgentClient({
      baseURL: this.config.baseURL,
      agentToken: this.config.agentToken,
      streamLimits: StreamLimits.unlimited(),
      reconnect: { initialDelayMs: 20, maxDelayMs: 100, budget: 5 },
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

const steps = {
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
    const client = scenario.newClient({ reconnect: { initialDelayMs: 10, budget: 0 } });
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

async function tailWhole(scenario, protocol) {
  const jobId = await scenario.run(`whole-${protocol}`, LONG_LOG);
  const tail = scenario.client.tailJobLogs(jobId, { protocol });
  const lines = await read(tail);
  return { ...inOrder(lines), ...endOf(await tail.end), sample: lines[41] };
}

async function follow(scenario, protocol) {
  const jobId = await scenario.submitWaiting(`follow-${protocol}`);
  const tail = scenario.client.tailJobLogs(jobId, { protocol });
  let lines = 0;
  let before = 0;
  for await (const _line of tail) {
    lines += 1;
    if (lines === 10) {
      before = lines;
      await scenario.release(jobId);
    }
  }
  return { before, lines, ...endOf(await tail.end) };
}

/** The proxy cuts the connections of this job, which runs on until its whole log has come. */
async function tailCut(scenario, submissionId, protocol) {
  const jobId = await scenario.submit(submissionId, `${LONG_LOG}; ${UNTIL_RELEASED}`);
  const events = [];
  const onEvent = ({ type, error }) => events.push(error === undefined ? type : `${type} ${error.code}`);
  const tail = scenario.client.tailJobLogs(jobId, { protocol, onEvent });
  const lines = [];
  for await (const line of tail) {
    lines.push(line);
    if (lines.length === 20_000) await scenario.release(jobId);
  }
  return { ...inOrder(lines), ...endOf(await tail.end), events };
}

/** The proxy does to the first connection of this job what its ID stands for. */
async function tailDisturbed(scenario, submissionId, protocol) {
  const jobId = await scenario.run(submissionId, LONG_LOG);
  const events = [];
  const onEvent = ({ type, error }) => events.push(error === undefined ? type : `${type} ${error.code}`);
  const tail = scenario.client.tailJobLogs(jobId, { protocol, onEvent });
  return { ...inOrder(await read(tail)), ...endOf(await tail.end), events };
}

async function readSlowly(scenario, submissionId, protocol) {
  const jobId = await scenario.run(submissionId, HUGE_LOG);
  const events = [];
  const onEvent = ({ type, error }) => events.push(error === undefined ? type : `${type} ${error.code}`);
  const tail = scenario.client.tailJobLogs(jobId, { protocol, onEvent });
  let count = 0;
  let ordered = true;
  let sent = 0;
  for await (const batch of tail.batches()) {
    if (count === 0) sent = (await scenario.control(`stalled/${jobId}`)).bytes;
    for (const line of batch) {
      count += 1;
      ordered &&= Number(line.slice(5, 12)) === count;
    }
  }
  return { lines: count, ordered, ...endOf(await tail.end), sent, events };
}

async function read(tail) {
  const lines = [];
  for await (const line of tail) lines.push(line);
  return lines;
}

function inOrder(lines) {
  return {
    lines: lines.length,
    ordered: lines.every((line, index) => Number(line.slice(5, 12)) === index + 1),
  };
}

function endOf({ reason, jobStatus, exitCode, reconnects, transport }) {
  return { reason, jobStatus, exitCode, reconnects, transport };
}

/** A step that hangs is told by its name, and the others still have their turn. */
async function withinTime(step) {
  let timer;
  const late = new Promise((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('hung')), 15_000);
  });
  try {
    return await Promise.race([step, late]);
  } finally {
    clearTimeout(timer);
  }
}

async function outcomeOf(step) {
  try {
    return { value: await step() };
  } catch (error) {
    return { failed: `${error?.stack ?? error}` };
  }
}

async function errorOf(call) {
  try {
    await call();
  } catch (error) {
    return plain(error);
  }
  return 'no error';
}

function thrownBy(call) {
  try {
    call();
  } catch (error) {
    return plain(error);
  }
  return 'no error';
}

function plain(error) {
  if (!ClientError.isInstance(error)) throw error;
  return { statusCode: error.statusCode, name: error.name, code: error.code };
}
