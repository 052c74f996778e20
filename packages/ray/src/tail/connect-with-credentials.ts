import {
  type ApiClient,
  HTTPError,
  type LogConnection,
  type LogRequest,
  type LogTransport,
  renewedHeaders,
} from '@raywire/core';

/**
 * Opens a transport with the credentials of a client; after a refusal that means them, a token function is asked once
 * more.
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
    const { refreshOn = [401] } = api;
    if (!HTTPError.isInstance(error) || !refreshOn.includes(error.statusCode ?? 0)) throw error;
    const renewed = await renewedHeaders((refresh) => api.requestHeaders({ refresh }), headers);
    if (renewed === undefined) throw error;
    return open(renewed);
  }
}
