import { endOf, inOrder, read } from './outcomes.js';
import { UNTIL_RELEASED } from './scenario-client.js';

export const LONG_LOG = "seq -f 'line %07.0f ünïcode ✓ of a long log' 1 20000";
const HUGE_LOG = `seq -f 'line %07.0f ${'x'.repeat(87)}' 1 400000`;

export async function tailWhole(scenario, protocol) {
  const jobId = await scenario.run(`whole-${protocol}`, LONG_LOG);
  const tail = scenario.client.tailJobLogs(jobId, { protocol });
  const lines = await read(tail);
  return { ...inOrder(lines), ...endOf(await tail.end), sample: lines[41] };
}

export async function follow(scenario, protocol) {
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
export async function tailCut(scenario, submissionId, protocol) {
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
export async function tailDisturbed(scenario, submissionId, protocol) {
  const jobId = await scenario.run(submissionId, LONG_LOG);
  const events = [];
  const onEvent = ({ type, error }) => events.push(error === undefined ? type : `${type} ${error.code}`);
  const tail = scenario.client.tailJobLogs(jobId, { protocol, onEvent });
  return { ...inOrder(await read(tail)), ...endOf(await tail.end), events };
}

export async function readSlowly(scenario, submissionId, protocol) {
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
