import {
  type HttpRequester,
  type HttpResponse,
  httpErrorFromResponse,
  type LogConnection,
  type LogRequest,
  QueuedConnection,
} from '@raywire/core';
import { connectTimeout, Deadline, readBriefText, redirectTarget } from '@raywire/core/internal';

/** Opens the body of a `GET`; settles as `LogTransport.open` says. */
export async function openStream(requester: HttpRequester, request: LogRequest): Promise<LogConnection> {
  const { url, headers: requestHeaders, signal } = request;
  // For the whole connection, so that the time-out, the caller's signal and `close()` all end it the same way.
  const deadline = new Deadline(signal);
  deadline.set(request.connectTimeoutMs, () => connectTimeout(request));
  try {
    const response = await follow(requester, request, deadline.signal);
    const { status, headers } = response;
    if (status !== 200 && status !== 206) {
      // What it says is read within the same time; the status counts in any case.
      const body = await readBriefText(response);
      throw httpErrorFromResponse({ status, headers, body, url, requestHeaders });
    }
    const connection = connectionOf(response, deadline.signal);
    deadline.clear();
    void connection.closed.then(() => deadline.release());
    return connection;
  } catch (error) {
    deadline.release();
    signal.throwIfAborted();
    throw error;
  }
}

async function follow(
  requester: HttpRequester,
  request: LogRequest,
  signal: AbortSignal,
): Promise<HttpResponse> {
  const { connectTimeoutMs } = request;
  // A log may be silent for hours: there is no bound on that.
  const get = { method: 'GET', headers: streamHeaders(request), signal, connectTimeoutMs, readTimeoutMs: 0 };
  let { url } = request;
  for (let redirects = 0; ; redirects += 1) {
    const response = await requester.request({ ...get, url });
    const target = redirectTarget(response, { ...get, url, redirects });
    if (target === undefined) return response;
    url = target;
  }
}

function streamHeaders({ headers, range }: LogRequest): Record<string, string> {
  return {
    // A proxy that compresses a log also holds it back until it has a block of it.
    'accept-encoding': 'identity',
    ...headers,
    ...(range !== undefined && { range: `bytes=${range.start}-${range.end ?? ''}` }),
  };
}

/** The body of a response as a log connection. undici's is one already; any other is pulled chunk by chunk. */
function connectionOf(response: HttpResponse, signal: AbortSignal): LogConnection {
  const { status, headers } = response;
  const body: unknown = response.body;
  // A requester around another one may have changed the answer: then the body alone is not the whole of it.
  if (body instanceof QueuedConnection && body.status === status && body.headers === headers) return body;
  const chunks = response.body[Symbol.asyncIterator]();
  const connection: QueuedConnection = new QueuedConnection({
    status,
    headers,
    signal,
    maxFrameBytes: Number.POSITIVE_INFINITY,
    // Nothing ever waits here: a chunk is pulled when the reader wants it.
    pause: () => undefined,
    resume: () => undefined,
    starved: () => void pull(chunks, connection),
    terminate: () => response.cancel(),
  });
  return connection;
}

async function pull(chunks: AsyncIterator<Uint8Array>, connection: QueuedConnection): Promise<void> {
  try {
    const { done, value } = await chunks.next();
    if (done === true) connection.end({ clean: true });
    else connection.push(value);
  } catch (error) {
    connection.end({ clean: false }, error);
  }
}
