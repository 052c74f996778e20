import {
  AuthenticationError,
  AuthorizationError,
  ClientConnectionError,
  ClientTimeoutError,
  HTTPError,
  InvalidArgumentError,
  type LogConnection,
  type LogConnectionClosed,
  type LogFrame,
  type LogRequest,
  type LogTransport,
  NotFoundError,
  RateLimitError,
  ServerError,
} from '@raywire/core';
import { describe, expect, test } from 'vitest';
import { type ContractCase, transportBench } from './contract-case.js';
import { contractCases } from './contract-cases.js';
import { httpServer } from './http-server.js';
import { ALL_CAPABILITIES, type TransportCapabilities } from './transport-capabilities.js';

const capabilities: TransportCapabilities = {
  ...ALL_CAPABILITIES,
  messages: false,
  upgrade: false,
  closeCodes: false,
  pings: false,
  ranges: true,
};

/** What can be wrong with a transport; each fault must make a case fail. */
interface Faults {
  contractVersion?: 1;
  dropsHeaders?: boolean;
  dropsAnswerHeaders?: boolean;
  neverTimesOut?: boolean;
  timesOutLater?: boolean;
  followsRedirects?: boolean;
  swallowsRefusals?: boolean;
  losesStatus?: boolean;
  retries?: boolean;
  wrapsReason?: boolean;
  ignoresAbort?: boolean;
  readsAhead?: boolean;
  swallowsBreaks?: boolean;
  losesBuffered?: boolean;
  reorders?: boolean;
  alwaysClean?: boolean;
  keepsSocket?: boolean;
  manyReaders?: boolean;
  leavesTimer?: boolean;
  readsWholeRefusal?: boolean;
  opensEarly?: boolean;
}

describe('a transport without faults', () => {
  for (const contractCase of contractCases) {
    if (contractCase.needs?.some((capability) => !capabilities[capability]) === true) continue;
    test(`passes: ${contractCase.name}`, () => outcome(contractCase, {}));
  }
});

describe('each fault is found', () => {
  test.each<[string, Faults, string]>([
    ['another contract version', { contractVersion: 2 as 1 }, 'says which contract'],
    ['opens before the server accepts', { opensEarly: true }, 'opens when the server accepts'],
    ['leaves out headers', { dropsHeaders: true }, 'sends the headers'],
    ['leaves out the range', { dropsHeaders: true }, 'sends the byte range'],
    ['hides the answer’s headers', { dropsAnswerHeaders: true }, 'gives the headers of the acceptance'],
    ['waits for ever', { neverTimesOut: true }, 'gives up a server that never answers'],
    ['counts the time-out on after opening', { timesOutLater: true }, 'lets a connection live on'],
    ['swallows a refusal', { swallowsRefusals: true }, 'rejects with AuthenticationError'],
    ['loses the status of a refusal', { losesStatus: true }, 'rejects with NotFoundError'],
    ['asks a refusing server twice', { retries: true }, 'rejects with ServerError'],
    ['forgets Retry-After', { losesStatus: true }, 'takes Retry-After over'],
    ['follows redirects elsewhere', { followsRedirects: true }, 'follows no redirect'],
    ['reads all of a refusal', { readsWholeRefusal: true }, 'reads no more of a refusal'],
    ['reorders frames', { reorders: true }, 'carries every byte'],
    ['repeats what it has handed over', { losesBuffered: true }, 'takes over what has arrived'],
    ['lets two read', { manyReaders: true }, 'has one reader'],
    ['reads ahead without a bound', { readsAhead: true }, 'stops the writer'],
    ['takes a break for an end', { swallowsBreaks: true }, 'ends without the end of the log'],
    ['takes half a frame for a whole one', { swallowsBreaks: true }, 'in the middle of a frame'],
    ['takes a reset for an end', { swallowsBreaks: true }, 'by a reset'],
    ['calls every end clean', { alwaysClean: true }, 'ends quietly when the reader closes'],
    ['keeps the socket on close', { keepsSocket: true }, 'ends quietly when the reader closes'],
    [
      'keeps the socket when the loop is left',
      { keepsSocket: true },
      'frees the socket when the loop is left',
    ],
    ['keeps a socket that is stopped', { keepsSocket: true }, 'frees a socket that is stopped'],
    ['opens for an aborted signal', { ignoresAbort: true }, 'opens nothing'],
    ['puts its own error in place of the reason', { wrapsReason: true }, 'during the handshake'],
    ['goes on after an abort', { ignoresAbort: true }, 'while a reader waits'],
    ['keeps the socket after an abort', { ignoresAbort: true }, 'while nobody reads; the next'],
    ['leaves a timer behind', { leavesTimer: true }, 'leaves no socket and no timer'],
  ])('%s', async (_fault, faults, sentence) => {
    const contractCase = contractCases.find(({ name }) => name.includes(sentence));
    if (contractCase === undefined) expect.unreachable(`There is no case named "${sentence}".`);
    await expect(outcome(contractCase, faults)).rejects.toThrow();
  });
});

/** Runs one case; one that waits for what never comes has found its fault too. */
async function outcome(contractCase: ContractCase, faults: Faults): Promise<void> {
  const server = await httpServer();
  const leftovers: (() => void)[] = [];
  const transport = fetchTransport(faults, leftovers);
  const patience = contractCase.name.startsWith('leaves no') ? 6_000 : 3_000;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const hung = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('The case never ends.')), patience);
  });
  const running = contractCase.run(transportBench(transport, server, capabilities));
  try {
    await Promise.race([running, hung]);
  } finally {
    clearTimeout(timer);
    for (const release of leftovers) release();
    await server.close();
    await running.catch(() => undefined);
  }
}

/** A transport over `fetch`, small enough to break on purpose. */
function fetchTransport(faults: Faults, leftovers: (() => void)[]): LogTransport {
  return {
    contractVersion: faults.contractVersion ?? 1,
    name: 'fetch',
    wire: 'http',
    async open(request) {
      try {
        if (faults.opensEarly === true) return await openEarly(request, faults, leftovers);
        return await openByFetch(request, faults, leftovers);
      } catch (error) {
        if (faults.retries === true) return openByFetch(request, faults, leftovers);
        throw error;
      }
    },
  };
}

async function openEarly(
  request: LogRequest,
  faults: Faults,
  leftovers: (() => void)[],
): Promise<LogConnection> {
  const opening = openByFetch(request, faults, leftovers);
  opening.catch(() => undefined);
  return {
    status: 200,
    headers: {},
    closed: new Promise(() => undefined),
    close() {},
    [Symbol.asyncIterator]: neverReads,
  };
}

function neverReads(): AsyncIterator<LogFrame> {
  return { next: () => new Promise(() => undefined) };
}

async function openByFetch(
  request: LogRequest,
  faults: Faults,
  leftovers: (() => void)[],
): Promise<LogConnection> {
  if (faults.ignoresAbort !== true) request.signal.throwIfAborted();
  const controller = new AbortController();
  leftovers.push(() => controller.abort());
  const abort = (): void => controller.abort(request.signal.reason);
  if (faults.ignoresAbort !== true) request.signal.addEventListener('abort', abort);
  const timeout = new ClientTimeoutError({ code: 'CONNECT_TIMEOUT', message: 'No answer.' });
  const timer = setTimeout(
    () => faults.neverTimesOut === true || controller.abort(timeout),
    request.connectTimeoutMs,
  );
  if (faults.leavesTimer === true) {
    const forgotten = setTimeout(() => undefined, 60_000);
    leftovers.push(() => clearTimeout(forgotten));
  }
  const { range } = request;
  const headers: Record<string, string> =
    range === undefined
      ? request.headers
      : { ...request.headers, range: `bytes=${range.start}-${range.end ?? ''}` };
  try {
    const response = await fetch(request.url, {
      headers: faults.dropsHeaders === true ? {} : headers,
      signal: controller.signal,
      redirect: faults.followsRedirects === true ? 'follow' : 'manual',
    });
    if (!response.ok && faults.swallowsRefusals !== true) {
      throw await refusal(response, controller, faults);
    }
    const close = (): void => {
      request.signal.removeEventListener('abort', abort);
      if (faults.keepsSocket !== true) controller.abort();
    };
    return connection(response, controller, close, faults);
  } catch (error) {
    if (faults.wrapsReason === true) throw new ClientConnectionError({ message: 'Aborted.', cause: error });
    if (request.signal.aborted) throw request.signal.reason;
    if (error === timeout || HTTPError.isInstance(error)) throw error;
    throw new ClientConnectionError({ message: 'No answer.' });
  } finally {
    if (faults.timesOutLater !== true) clearTimeout(timer);
  }
}

async function refusal(response: Response, controller: AbortController, faults: Faults): Promise<HTTPError> {
  let body = '';
  for await (const chunk of response.body ?? []) {
    body += Buffer.from(chunk).toString();
    if (body.length > 64 * 1024 && faults.readsWholeRefusal !== true) break;
  }
  controller.abort();
  const retryAfter = Number(response.headers.get('retry-after') ?? 0);
  const options = {
    message: 'Refused.',
    statusCode: response.status,
    detail: body,
    retryAfterMs: retryAfter * 1000,
  };
  if (faults.losesStatus === true) return new ServerError({ message: 'Refused.' });
  if (response.status === 401) return new AuthenticationError(options);
  if (response.status === 403) return new AuthorizationError(options);
  if (response.status === 404) return new NotFoundError(options);
  if (response.status === 429) return new RateLimitError(options);
  return new ServerError(options);
}

function connection(
  response: Response,
  controller: AbortController,
  free: () => void,
  faults: Faults,
): LogConnection {
  let resolveClosed: (closed: LogConnectionClosed) => void = () => undefined;
  const closed = new Promise<LogConnectionClosed>((resolve) => {
    resolveClosed = resolve;
  });
  const end = (clean: boolean): void => resolveClosed({ clean: clean || faults.alwaysClean === true });
  let isOpen = true;
  controller.signal.addEventListener('abort', () => end(false));
  const close = (): void => {
    isOpen = false;
    end(false);
    free();
  };
  const kept: LogFrame[] = [];
  async function* read(): AsyncGenerator<LogFrame> {
    const reader = response.body?.getReader();
    try {
      for (;;) {
        const result = await reader?.read();
        if (result?.value === undefined) break;
        kept.push(result.value);
        yield faults.reorders === true ? result.value.toReversed() : result.value;
      }
      end(true);
    } catch {
      end(false);
      if (!isOpen || faults.swallowsBreaks === true) return;
      if (controller.signal.aborted) throw controller.signal.reason;
      throw new ClientConnectionError({ message: 'It broke off.' });
    } finally {
      if (faults.keepsSocket !== true) close();
    }
  }
  if (faults.readsAhead === true) {
    const [ahead, rest] = response.body?.tee() ?? [];
    void ahead?.pipeTo(new WritableStream()).catch(() => undefined);
    response = new Response(rest ?? null);
  }
  let hasReader = false;
  return {
    status: response.status,
    headers: faults.dropsAnswerHeaders === true ? {} : Object.fromEntries(response.headers),
    closed,
    close,
    ...(faults.losesBuffered === true ? { takeBuffered: () => kept } : {}),
    [Symbol.asyncIterator]() {
      if (hasReader && faults.manyReaders !== true)
        throw new InvalidArgumentError({ message: 'One reader.' });
      hasReader = true;
      const frames = read();
      return {
        next: () => frames.next(),
        return: async () => {
          close();
          return { done: true, value: undefined };
        },
      };
    },
  };
}
