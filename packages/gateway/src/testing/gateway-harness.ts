import { execFileSync } from 'node:child_process';
import { type FileHandle, mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import WebSocket from 'ws';
import type { JobDetails } from '../contracts/job.js';
import type { Gateway } from '../gateway.js';
import { createGateway } from '../gateway.js';
import type { GatewayEvent, GatewayOptions } from '../gateway-options.js';
import { localDriver } from '../local/local-driver.js';

export const TOKEN = 'token-of-the-tests';

/** An event of a log stream. */
export interface LogEvent {
  type: string;
  message?: string;
  offset?: number;
  status?: string;
  exit_code?: number | null;
}

/** A gateway on loopback with a directory of its own, closed with the test. */
export interface Harness {
  gateway: Gateway;
  directory: string;
  events: GatewayEvent[];
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  /** Submits and gives the ID. */
  submit(entrypoint: string, fields?: object): Promise<string>;
  ended(jobId: string): Promise<JobDetails>;
  sse(path: string, headers?: Record<string, string>): Promise<SseReader>;
  webSocket(path: string, options?: WebSocket.ClientOptions): WebSocketReader;
}

/** What a REST call brought back. */
export interface Answer {
  status: number;
  headers: Headers;
  text: string;
  // biome-ignore lint/suspicious/noExplicitAny: what the server sent is what the test looks at.
  json: any;
}

export async function makeDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'raywire-gateway-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

export async function startGateway(options: Partial<GatewayOptions> = {}): Promise<Harness> {
  const directory = await makeDirectory();
  const events: GatewayEvent[] = [];
  const gateway = createGateway({
    driver: localDriver({ directory: join(directory, 'data') }),
    token: TOKEN,
    onEvent: (event) => events.push(event),
    ...options,
  });
  await gateway.listen();
  onTestFinished(() => gateway.close());
  const authorization = gateway.token;

  const harness: Harness = {
    gateway,
    directory,
    events,
    async call(method, path, body, headers = {}) {
      const contentType = body === undefined ? {} : { 'content-type': 'application/json' };
      const response = await fetch(gateway.url + path, {
        method,
        headers: { authorization, ...contentType, ...headers },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      });
      const text = await response.text();
      const isJson =
        text !== '' && response.headers.get('content-type')?.startsWith('application/json') === true;
      return {
        status: response.status,
        headers: response.headers,
        text,
        json: isJson ? JSON.parse(text) : undefined,
      };
    },
    async submit(entrypoint, fields = {}) {
      const answer = await harness.call('POST', '/jobs/', { entrypoint, ...fields });
      if (answer.status !== 201) throw new Error(`submit: ${answer.status} ${answer.text}`);
      return answer.json.job_id;
    },
    async ended(jobId) {
      // The stream ends with the job: no polling.
      const response = await fetch(`${gateway.url}/jobs/${jobId}/logs/stream/?batch=1`, {
        headers: { authorization },
      });
      await response.text();
      return (await harness.call('GET', `/jobs/${jobId}/`)).json;
    },
    async sse(path, headers = {}) {
      const controller = new AbortController();
      onTestFinished(() => controller.abort());
      const response = await fetch(gateway.url + path, {
        headers: { authorization, ...headers },
        signal: controller.signal,
      });
      return new SseReader(response, controller);
    },
    webSocket(path, webSocketOptions = {}) {
      const socket = new WebSocket(gateway.url.replace('http', 'ws') + path, {
        headers: { authorization },
        perMessageDeflate: false,
        ...webSocketOptions,
      });
      onTestFinished(() => socket.terminate());
      return new WebSocketReader(socket);
    },
  };
  return harness;
}

/** Reads events as Python's client does, and keeps every line it saw. */
export class SseReader {
  readonly response: Response;
  readonly lines: string[] = [];
  readonly #controller: AbortController;
  readonly #events: AsyncGenerator<LogEvent>;

  constructor(response: Response, controller: AbortController) {
    this.response = response;
    this.#controller = controller;
    this.#events = this.#read();
  }

  async next(): Promise<LogEvent | undefined> {
    return (await this.#events.next()).value as LogEvent | undefined;
  }

  async all(): Promise<LogEvent[]> {
    const events: LogEvent[] = [];
    for await (const event of this.#events) events.push(event);
    return events;
  }

  abort(): void {
    this.#controller.abort();
  }

  async *#read(): AsyncGenerator<LogEvent> {
    let rest = '';
    const decoder = new TextDecoder();
    for await (const chunk of this.response.body as AsyncIterable<Uint8Array>) {
      const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        if (line !== '') this.lines.push(line);
        if (line.startsWith('data: ')) yield JSON.parse(line.slice(6)) as LogEvent;
      }
    }
  }
}

/** Collects what a WebSocket says. */
export class WebSocketReader {
  readonly socket: WebSocket;
  /** Resolves with the close; rejects when the handshake was refused. */
  readonly closed: Promise<{ code: number; reason: string }>;
  /** The status of a refused handshake, and what its body said. */
  readonly refused: Promise<{ status: number; body: string }>;
  readonly #received: LogEvent[] = [];
  #wake = Promise.withResolvers<void>();

  constructor(socket: WebSocket) {
    this.socket = socket;
    socket.on('message', (data) => {
      this.#received.push(JSON.parse(String(data)) as LogEvent);
      this.#wake.resolve();
    });
    socket.on('error', () => undefined);
    this.closed = new Promise((resolve) => {
      socket.on('close', (code, reason) => {
        this.#wake.resolve();
        resolve({ code, reason: String(reason) });
      });
    });
    this.refused = new Promise((resolve) => {
      socket.on('unexpected-response', async (_request, response) => {
        let body = '';
        for await (const chunk of response) body += chunk;
        resolve({ status: response.statusCode ?? 0, body });
      });
    });
  }

  async next(): Promise<LogEvent | undefined> {
    while (this.#received.length === 0) {
      if (this.socket.readyState === WebSocket.CLOSED) return undefined;
      await this.#wake.promise;
      this.#wake = Promise.withResolvers();
    }
    return this.#received.shift();
  }

  async all(): Promise<LogEvent[]> {
    await this.closed;
    return this.#received.splice(0);
  }
}

/** A job whose output the test writes, byte by byte. */
export interface PipedJob {
  id: string;
  write(data: string | Uint8Array): Promise<void>;
  /** Ends the output, and with it the job. */
  end(): Promise<void>;
}

export async function submitPipedJob(harness: Harness): Promise<PipedJob> {
  const path = join(harness.directory, `pipe-${Math.random().toString(36).slice(2)}`);
  execFileSync('mkfifo', [path]);
  const id = await harness.submit(`exec cat '${path}'`);
  const pipe: FileHandle = await open(path, 'w');
  let isOpen = true;
  const end = async (): Promise<void> => {
    if (isOpen) await pipe.close();
    isOpen = false;
  };
  onTestFinished(end);
  return {
    id,
    write: async (data) => {
      await pipe.appendFile(data);
    },
    end,
  };
}
