import {
  type ApiClient,
  AuthenticationError,
  type LogConnection,
  type LogRequest,
  type LogTransport,
} from '@raywire/core';

/**
 * Opens a transport with the credentials of a client; after a 401 a token function is asked once more.
 *
 * @throws {ClientError} as the transport says
 */
export async function connectWithCredentials(
  api: ApiClient,
  transport: LogTransport,
  request: LogRequest,
): Promise<LogConnection> {
  const open = (credentials: Record<string, string>): Promise<LogConnection> =>
    transport.open({ ...request, headers: { ...credentials, ...request.headers } });
  const headers = await api.requestHeaders();
  try {
    return await open(headers);
  } catch (error) {
    if (!AuthenticationError.isInstance(error)) throw error;
    const refreshed = await api.requestHeaders({ refresh: true });
    if (JSON.stringify(refreshed) === JSON.stringify(headers)) throw error;
    return open(refreshed);
  }
}
