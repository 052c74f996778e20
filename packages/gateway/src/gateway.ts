import type { AddressInfo } from 'node:net';
import { withoutThrowing } from './event-listener.js';
import { buildApp, type GatewayApp } from './gateway-app.js';
import { type GatewayOptions, listenerUrl, resolveGatewayOptions } from './gateway-options.js';
import { BearerToken } from './guards/bearer-token.js';

/** How long readers of jobs that ended with the gateway may take the rest of their logs. */
const DRAIN_MS = 1_000;
/** Connections that the system may hold until they are accepted; it drops a burst of more, for a second. */
const BACKLOG = 4_096;

/** A server of the agent protocol. */
export interface Gateway {
  /** `http://host:port`, without a path. @throws {Error} before `listen` has resolved */
  readonly url: string;
  /** What callers send as `Authorization`. */
  readonly token: string;
  /**
   * Starts the driver and listens.
   * @throws {Error} when the port is taken, the driver cannot start, or it was called before
   * @throws what `onToken` threw, or `onEvent` when told that the gateway listens; nothing is left open then
   */
  listen(): Promise<void>;
  /**
   * Refuses what is new, closes the driver (what becomes of running jobs is the driver's decision), lets readers
   * take the rest of logs that have ended, ends all others (WebSocket 1001), and frees the port.
   */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * Makes a gateway: the agent protocol over a driver that runs the jobs.
 *
 * @throws {InvalidArgumentError} naming the option that cannot be used
 *
 * @example
 * ```ts
 * import { createGateway, localDriver } from '@raywire/gateway';
 *
 * const gateway = createGateway({ driver: localDriver({ directory: './raywire-jobs' }) });
 * await gateway.listen();
 * console.log(gateway.url);
 * await gateway.close();
 * ```
 */
export function createGateway(options: GatewayOptions): Gateway {
  const resolved = resolveGatewayOptions(options);
  const token = resolved.token ?? BearerToken.generate();
  let started: Promise<GatewayApp> | undefined;
  let closed: Promise<void> | undefined;
  let url: string | undefined;

  const onEvent = withoutThrowing(resolved.onEvent);

  const start = async (): Promise<GatewayApp> => {
    await resolved.driver.start?.({
      secrets: [token],
      onError: (error, about) => onEvent({ type: 'error', error, ...about }),
    });
    let parts: GatewayApp | undefined;
    try {
      parts = await buildApp({ ...resolved, onEvent }, token);
      await parts.app.listen({ host: resolved.host, port: resolved.port, backlog: BACKLOG });
      url = listenerUrl(resolved.host, (parts.app.server.address() as AddressInfo).port);
      // A token that its owner never got opens nothing: a gateway that could not hand it over does not run.
      if (resolved.token === undefined) await resolved.onToken(token);
      await resolved.onEvent({ type: 'listening', url });
    } catch (error) {
      url = undefined;
      await parts?.close(0);
      await resolved.driver.close?.();
      throw error;
    }
    return parts;
  };

  const stop = async (): Promise<void> => {
    // A failed start has cleaned up after itself, and its caller knows.
    const parts = await started?.catch(() => undefined);
    if (parts === undefined) return;
    parts.refuseRequests();
    try {
      await resolved.driver.close?.();
    } finally {
      await parts.close(DRAIN_MS);
    }
  };

  return {
    get url() {
      if (url === undefined) throw new Error('The gateway has no URL before listen() has resolved');
      return url;
    },
    token,
    async listen() {
      if (started !== undefined || closed !== undefined) throw new Error('listen() can be called once');
      started = start();
      await started;
    },
    close() {
      closed ??= stop();
      return closed;
    },
    [Symbol.asyncDispose]() {
      return this.close();
    },
  };
}
