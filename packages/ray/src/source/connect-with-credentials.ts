import {
  type ApiClient,
  ClientTimeoutError,
  HTTPError,
  InvalidArgumentError,
  type LogConnection,
  type LogRequest,
  type LogTransport,
} from '@raywire/core';
import { countdown, renewedHeaders, within } from '@raywire/core/internal';

/**
 * Opens a transport with the credentials of a client; after a refusal that means them, a token function is asked once
 * more. All of it together is bounded by `connectTimeoutMs`, and by the signal.
 *
 * @throws {ClientTimeoutError} when a token function does not settle in time
 * @throws {InvalidArgumentError} when what the transport opens is no connection
 * @throws {ClientError} as the transport says
 */
export async function connectWithCredentials(
  api: ApiClient,
  transport: LogTransport,
  request: LogRequest,
): Promise<LogConnection> {
  const { signal, connectTimeoutMs } = request;
  const left = countdown(connectTimeoutMs);
  const late = (): Error =>
    new ClientTimeoutError({
      message: `No credentials could be had within ${connectTimeoutMs} ms: the token function has not settled.`,
    });
  const ask = (refresh: boolean): Promise<Record<string, string>> =>
    within(api.requestHeaders({ refresh }), { signal, timeoutMs: left(), late });
  const open = async (credentials: Record<string, string>): Promise<LogConnection> => {
    const headers = { ...credentials, ...request.headers };
    return checkConnection(
      await transport.open({ ...request, headers, connectTimeoutMs: left() }),
      transport,
    );
  };
  const headers = await ask(false);
  try {
    return await open(headers);
  } catch (error) {
    const { refreshOn = [401] } = api;
    if (!HTTPError.isInstance(error) || !refreshOn.includes(error.statusCode ?? 0)) throw error;
    const renewed = await renewedHeaders(ask, headers);
    if (renewed === undefined) throw error;
    return open(renewed);
  }
}

/** The transport may be anybody's. */
function checkConnection(
  connection: Partial<LogConnection> | undefined,
  { name }: LogTransport,
): LogConnection {
  const isConnection =
    typeof connection?.[Symbol.asyncIterator] === 'function' &&
    typeof connection.close === 'function' &&
    typeof connection.closed?.then === 'function' &&
    typeof connection.headers === 'object';
  if (isConnection) return connection as LogConnection;
  throw new InvalidArgumentError({
    message: `The transport ${JSON.stringify(name)} opened something that is not a LogConnection: it needs headers, closed, close() and frames to iterate. Test it with @raywire/transport-testkit.`,
  });
}
