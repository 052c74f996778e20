import { expect } from 'vitest';

/** What runtimes do differently. */
export interface RuntimeTraits {
  /** A reader of a WebSocket that stops makes the server stop. A browser's cannot. */
  webSocketPauses: boolean;
}

const LINES = 20_000;
const HUGE_LINES = 400_000;
/** Of 40 MB: what the sockets' buffers of the system, the proxy's and the client's hold together. */
const BYTES_IN_FLIGHT = 16 * 1024 * 1024;

const succeeded = { reason: 'complete', jobStatus: 'SUCCEEDED', exitCode: 0 };
const connectionFailed = { statusCode: 503, name: 'ClientConnectionError', code: 'CONNECTION_FAILED' };
const invalid = { statusCode: 400, name: 'InvalidArgumentError', code: 'INVALID_ARGUMENT' };
const unauthorized = { statusCode: 401, name: 'AuthenticationError', code: expect.any(String) };
const notFound = { statusCode: 404, name: 'NotFoundError', code: 'NOT_FOUND' };
const timedOut = { statusCode: 408, name: 'ClientTimeoutError', code: expect.stringMatching(/TIMEOUT$/) };

/** What each step of the scenario must come to. */
export function expectations(traits: RuntimeTraits): Record<string, unknown> {
  const whole = (transport: string): unknown => ({
    ...succeeded,
    lines: LINES,
    ordered: true,
    reconnects: 0,
    transport,
    sample: 'line 0000042 ünïcode ✓ of a long log',
  });
  const followed = (transport: string): unknown => ({
    ...succeeded,
    before: 10,
    lines: 20,
    reconnects: 0,
    transport,
  });
  const cut = (transport: string, events: unknown): unknown => ({
    ...succeeded,
    lines: LINES,
    ordered: true,
    reconnects: expect.any(Number),
    transport,
    events,
  });
  const slow = (transport: string, events: unknown): unknown => ({
    ...succeeded,
    lines: HUGE_LINES,
    ordered: true,
    reconnects: expect.any(Number),
    transport,
    sent: expect.toSatisfy((bytes: number) => bytes > 0 && bytes < BYTES_IN_FLIGHT),
    events,
  });
  return {
    'asks for everything': {
      status: 'ok',
      capabilities: expect.arrayContaining(['resume', 'batch', 'submit', 'delete', 'tickets']),
      job: { status: 'FAILED', exitCode: 3 },
      listed: true,
      logs: 'hello\n',
      alive: true,
      tasks: true,
      applications: [],
      gpus: 'object',
      deleted: notFound,
    },
    'runs a job in an archive, which it uploads once': { lines: ['0', '0'], reused: 'reuse' },
    'tails by WebSocket': whole('websocket'),
    'tails by HTTP': whole('http'),
    'tails by auto': whole('websocket'),
    'follows a running job by WebSocket': followed('websocket'),
    'follows a running job by HTTP': followed('http'),
    'gives batches, a ReadableStream, and the last lines': {
      batched: 100,
      streamed: 100,
      last: ['line 99', 'line 100'],
    },
    'breaks off, and resumes from a cursor of JSON over the other wire': {
      lines: LINES,
      ordered: true,
      ends: ['aborted', 'aborted', 'complete'],
    },
    'resumes after its WebSocket was cut': cut('websocket', twoBreaks),
    'resumes after its HTTP stream was cut': cut('http', twoBreaks),
    'notices that its WebSocket has died silently': cut('websocket', oneDeath),
    'notices that its HTTP stream has died silently': cut('http', oneDeath),
    'goes on by HTTP where WebSockets are refused': cut('http', [
      expect.stringMatching(/^fallback /),
      'connect',
    ]),
    'stops the server while it does not read, by auto': traits.webSocketPauses
      ? slow('websocket', ['connect'])
      : slow('http', ['connect', 'fallback BUFFER_OVERFLOW', 'connect']),
    'stops the server while it does not read, by HTTP': slow('http', ['connect']),
    'ends at a limit, with a cursor': {
      lines: 10,
      error: { statusCode: 429, name: 'StreamLimitExceededError', code: 'STREAM_LIMIT_EXCEEDED' },
      rest: 90,
      next: 'line 11',
    },
    'says that nothing listens': {
      listJobs: connectionFailed,
      auto: connectionFailed,
      websocket: connectionFailed,
      http: connectionFailed,
    },
    'says what the server refuses': {
      listJobs: unauthorized,
      'auto 401': unauthorized,
      'auto 404': notFound,
      'websocket 401': unauthorized,

      'websocket 404': notFound,
      'http 401': unauthorized,
      'http 404': notFound,
      conflict: { statusCode: 409, name: 'ConflictError', code: expect.any(String) },
    },
    'refuses bad arguments before anything is sent': {
      id: invalid,
      option: invalid,
      cursor: { ...invalid, code: 'INVALID_CURSOR' },
    },
    'gives up connecting after its time-out': { websocket: timedOut, http: timedOut },
    'throws the reason of an aborted signal': {
      websocket: { lines: 10, same: true, end: 'aborted' },
      http: { lines: 10, same: true, end: 'aborted' },
    },
    'stops a job, whose tail is complete': {
      lines: 10,
      reason: 'complete',
      jobStatus: 'STOPPED',
      exitCode: expect.any(Number),
      reconnects: 0,
      transport: 'websocket',
    },
    'nobody reads a log any more': { open: 0 },
  };
}

const twoBreaks = [
  'connect',
  expect.stringMatching(/^reconnect /),
  'connect',
  expect.stringMatching(/^reconnect /),
  'connect',
];
const oneDeath = ['connect', 'reconnect HEARTBEAT_TIMEOUT', 'connect'];
