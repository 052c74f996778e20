import type { ServerResponse } from 'node:http';
import { pythonJson, startScriptedAgent } from '@raywire/testing';
import type { WebSocket } from 'ws';

/** How an agent writes its HTTP stream. */
export type StreamStyle =
  /** By the standard, as Python writes it. */
  | 'event-stream'
  /** With `\r\n`, comments, and fields that nobody asked for. */
  | 'decorated'
  /** `text/plain` with `data: ` before each event. */
  | 'plain'
  /** Without chunks or a length: the end of the connection ends the body, so that a cut looks like an end. */
  | 'unframed';

/** How one connection of an old agent goes wrong by itself; afterwards it goes well. */
export interface Misbehaviour {
  /** How many lines are sent before it. */
  afterLines: number;
  /** `end`: without `complete`, as if all was well. A number: a WebSocket close code (HTTP: an end). */
  how: 'end' | 'empty-message' | 'terminate' | number;
}

/** A job of an old agent. */
export interface OldJob {
  text: string;
  /** `ended`: before anybody looks. `running`: until a connection was sent the whole log, or some time has gone by. */
  life: 'ended' | 'running';
  style?: StreamStyle;
  /** What goes wrong with the first connections, in order. */
  misbehaviours?: readonly Misbehaviour[];
  /** What the status is said to be, in place of the truth, so many times. */
  lies?: { status: string; times: number };
  /** The whole log is not to be had by REST. */
  withoutSnapshot?: boolean;
  startTime?: number;
  /** Counted by the agent. */
  connections?: number;
}

/** An agent without any of Raywire's additions: it replays every log from its start. */
export interface OldAgent {
  url: string;
  add(jobId: string, job: OldJob): void;
  remove(jobId: string): void;
  close(): Promise<void>;
}

/** No job runs for ever: a connection that has silently died is noticed by its job's end at the latest. */
const LIFETIME_MS = 300;

const COMPLETE = { type: 'complete' };

/** Starts an old agent on a free loopback port. */
export async function startOldAgent(): Promise<OldAgent> {
  const jobs = new Map<string, OldJob>();
  const jobOf = (jobId: string): OldJob => jobs.get(jobId) as OldJob;
  const { url, calls, requests, close } = await startScriptedAgent({
    // A query is one of Raywire's additions.
    knows: (jobId, path) => jobs.has(jobId) && !path.includes('?'),
    job: (jobId) => detailsOf(jobId, jobOf(jobId)),
    logs: (jobId) => (jobOf(jobId).withoutSnapshot ? undefined : jobOf(jobId).text),
    webSocket: (socket, { jobId }) => sendOnWebSocket(jobOf(jobId), socket),
    stream: (response, { jobId }) => sendOnHttp(jobOf(jobId), response),
  });
  return {
    url,
    add: (jobId, job) => jobs.set(jobId, { ...job }),
    remove(jobId) {
      jobs.delete(jobId);
      // Memory does not grow with the number of runs.
      calls.length = 0;
      requests.length = 0;
    },
    close,
  };
}

function sendOnWebSocket(job: OldJob, socket: WebSocket): void {
  socket.on('error', () => socket.terminate());
  const { lines, wrong } = nextConnection(job);
  for (const message of lines) socket.send(pythonJson({ type: 'log', message }));
  if (wrong === undefined) {
    socket.send(pythonJson(COMPLETE));
    job.life = 'ended';
    socket.close(1000);
  } else if (wrong.how === 'empty-message') socket.send('');
  else if (wrong.how === 'terminate') setImmediate(() => socket.terminate());
  else socket.close(wrong.how === 'end' ? 1000 : wrong.how);
}

function sendOnHttp(job: OldJob, response: ServerResponse): void {
  const { lines, wrong } = nextConnection(job);
  const style = job.style ?? 'event-stream';
  if (style === 'unframed') {
    response.useChunkedEncodingByDefault = false;
    response.setHeader('connection', 'close');
  }
  response.writeHead(200, {
    'content-type': style === 'plain' ? 'text/plain' : 'text/event-stream; charset=utf-8',
  });
  const events = lines.map((message) => ({ type: 'log', message }));
  // A chunk for each event, as a generator of Python's gives them.
  for (const event of events) response.write(written(event, style));
  if (wrong === undefined) {
    response.write(written(COMPLETE, style));
    job.life = 'ended';
  }
  if (wrong?.how === 'terminate') setImmediate(() => response.destroy());
  else response.end();
}

function written(event: Record<string, unknown>, style: StreamStyle): string {
  const data = `data: ${pythonJson(event)}`;
  if (style === 'decorated') return `: comment\r\nevent: log\r\nid: 7\r\nretry: 5\r\n${data}\r\n\r\n`;
  return style === 'plain' ? `${data}\n` : `${data}\n\n`;
}

function nextConnection(job: OldJob): { lines: string[]; wrong: Misbehaviour | undefined } {
  job.connections = (job.connections ?? 0) + 1;
  if (job.connections === 1) {
    setTimeout(() => {
      job.life = 'ended';
    }, LIFETIME_MS).unref();
  }
  const wrong = job.misbehaviours?.[job.connections - 1];
  // `\r` stays: an old agent cuts at `\n` alone and sends the rest as it is.
  const lines = job.text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return { lines: wrong === undefined ? lines : lines.slice(0, wrong.afterLines), wrong };
}

function detailsOf(jobId: string, job: OldJob): Record<string, unknown> {
  const isLie = job.lies !== undefined && job.lies.times-- > 0;
  const truth = job.life === 'ended' ? 'SUCCEEDED' : 'RUNNING';
  return {
    job_id: jobId,
    status: isLie ? job.lies?.status : truth,
    start_time: job.startTime ?? 1,
    driver_exit_code: job.life === 'ended' ? 0 : null,
  };
}
