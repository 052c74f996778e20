import {
  type OptionTable,
  oneOf,
  orFunction,
  type RefusedOptions,
  readOptions,
  refused,
} from '@raywire/core/internal';
import type { FallbackStrategy, LogSource, RayBackend, RayOperations, Token } from '@raywire/ray';
import { webSocketThenHttp } from '@raywire/ray';
import { findRayToken } from '#ray-environment';
import { addressOption, dashboardAddress } from './dashboard-address.js';
import { dashboardAuthentication, TOKEN, type TokenHeader } from './dashboard-authentication.js';
import { lookForDashboard } from './dashboard-look.js';
import { dashboardOperations } from './dashboard-operations.js';
import { findDriverLog } from './logs/driver-log.js';
import type { LogFinder } from './logs/log-location.js';
import { type NodeAgents, nodeAgentsOption } from './logs/node-agents.js';
import { RANGE_SOURCE, rangeSource } from './logs/range-source.js';
import { webSocketSource } from './logs/web-socket-source.js';
import { wholeFileSource } from './logs/whole-file-source.js';

/** Where a cluster is, and who asks. */
export interface DashboardBackendOptions {
  /**
   * The dashboard of the head node: `http://host:8265`, `host:8265`, with or without a path prefix. Default: the
   * environment's `RAY_API_SERVER_ADDRESS`, then `RAY_ADDRESS`, then `http://127.0.0.1:8265`.
   */
  address?: string | undefined;
  /**
   * The token of Ray's token mode; a function is asked again after a 401 or 403. Default: the environment's
   * `RAY_AUTH_TOKEN`, the file that `RAY_AUTH_TOKEN_PATH` names, then `~/.ray/auth_token`.
   */
  token?: Token | undefined;
  /** Which header carries the token. Default `authorization`; proxies may need `x-ray-authorization`. */
  tokenHeader?: TokenHeader | undefined;
  /** Whose node agents may be asked for logs, with the token. Default: those on the dashboard's own host. */
  nodeAgents?: NodeAgents;
}

/** A backend that reads any log file of the cluster. */
export interface DashboardBackend extends RayBackend {
  readonly operations: RayOperations;
  /** The byte-exact ways to a log file, best first. */
  fileSources(find: LogFinder): readonly LogSource[];
}

/** The table of `DashboardBackendOptions`. */
export const DASHBOARD_OPTIONS: OptionTable<
  DashboardBackendOptions & RefusedOptions<'baseURL' | 'agentToken'>,
  'tokenHeader'
> = {
  address: addressOption(),
  token: orFunction(TOKEN),
  tokenHeader: oneOf('authorization', 'x-ray-authorization'),
  nodeAgents: nodeAgentsOption(),
  baseURL: refused('it is called address here.'),
  agentToken: refused('it is called token here.'),
};

/**
 * Ray's own dashboard: any cluster, with nothing installed on it.
 *
 * @throws {InvalidArgumentError} for a bad option, and for a token file that cannot be read
 */
export function dashboardBackend(options: DashboardBackendOptions = {}): DashboardBackend {
  const checked = readOptions(DASHBOARD_OPTIONS, options, 'dashboardBackend');
  const { address, token = findRayToken(), tokenHeader, nodeAgents } = checked;
  const ranges = (find: LogFinder) => (nodeAgents === false ? [] : [rangeSource(find, nodeAgents)]);
  const fileSources = (find: LogFinder) => [...ranges(find), wholeFileSource(find)];
  return {
    contractVersion: 1,
    name: 'dashboard',
    endpoint: {
      baseURL: dashboardAddress(address),
      authenticate: dashboardAuthentication(token, tokenHeader),
      secrets: typeof token === 'string' ? [token] : [],
      // Ray answers 401 only where there is no token, and 403 to one that was rotated.
      refreshOn: [401, 403],
    },
    operations: dashboardOperations(),
    logSources: [...fileSources(findDriverLog), webSocketSource()],
    fileSources,
    look: lookForDashboard,
  };
}

/** Ranges of the node's agent, then the head's WebSocket, then whole reads of the file through the head. */
export function rangesThenWebSocketThenFiles(): FallbackStrategy {
  const { shouldFallback } = webSocketThenHttp();
  return { order: [RANGE_SOURCE, 'websocket', 'http'], shouldFallback };
}
