import {
  type CallHooks,
  HTTPError,
  InvalidArgumentError,
  type LogConnection,
  type LogTransport,
  type Redactor,
} from '@raywire/core';
import { redactHeaders, within } from '@raywire/core/internal';

/** The hooks that a tail's connections are told to. */
export type ConnectionHooks = Pick<CallHooks, 'onRequest' | 'onResponse'>;

/** A transport whose requests and answers the hooks of a client are told; the transport itself where there are none. */
export function toldTransport(
  transport: LogTransport,
  { onRequest, onResponse }: ConnectionHooks,
  redactor: Redactor,
): LogTransport {
  if (onRequest === undefined && onResponse === undefined) return transport;
  const { contractVersion, name, wire, sendsHeaders } = transport;
  return {
    contractVersion,
    name,
    ...(wire !== undefined && { wire }),
    ...(sendsHeaders !== undefined && { sendsHeaders }),
    close: async () => transport.close?.(),
    async open(request) {
      const { signal } = request;
      // A hook may give a promise. What it fails with is not to be taken for a lost connection, which is tried again.
      const tell = async <Event>(
        hook: ((event: Event) => unknown) | undefined,
        event: Event,
      ): Promise<void> => {
        try {
          await within(Promise.resolve(hook?.(event)), { signal });
        } catch (cause) {
          signal.throwIfAborted();
          const reason = cause instanceof Error ? cause.message : String(cause);
          throw new InvalidArgumentError({ message: `A hook of the client failed: ${reason}`, cause });
        }
      };
      const sent = { method: 'GET', url: redactor.redact(request.url), attempt: 1 };
      await tell(onRequest, { ...sent, headers: redactHeaders(request.headers, redactor) });
      const start = performance.now();
      const answered = (status: number, headers: Record<string, string>): Promise<void> => {
        const durationMs = performance.now() - start;
        return tell(onResponse, { ...sent, status, headers: redactHeaders(headers, redactor), durationMs });
      };
      let connection: LogConnection;
      try {
        connection = await transport.open(request);
      } catch (error) {
        if (HTTPError.isInstance(error) && error.statusCode) await answered(error.statusCode, {});
        throw error;
      }
      try {
        await answered(connection.status, connection.headers);
      } catch (error) {
        connection.close();
        throw error;
      }
      return connection;
    },
  };
}
