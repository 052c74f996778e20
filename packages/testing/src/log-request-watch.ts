/** Names the tailed log that a request's head asks for; `undefined` when it asks for something else. */
export type LogOfHead = (head: string) => string | undefined;

const METHOD = /^[A-Z]+ /;
const AGENT_LOG = /^GET \/jobs\/([^/]+)\/logs\/(stream\/)?(?:\?\S*)? HTTP\/1\.1\r\n/;
const HEAD_LOG =
  /^GET \/(api\/jobs|api\/v0\/logs\/file|logs)(?:\/|\?\S*filename=)(?:job-driver-)?([\w-]+)\S*/;
/** Of a rotated log. */
const OLDER_FILE = /^GET \S*\.log\.\d/;
const UPGRADE = /\r\nupgrade: websocket\r\n/i;

/** On an agent the name is the job's ID. A `GET` of the whole log, without an upgrade, is not a tail. */
export function agentLogOf(head: string): string | undefined {
  const [, jobId, stream] = AGENT_LOG.exec(head) ?? [];
  return stream !== undefined || UPGRADE.test(head) ? jobId : undefined;
}

/** How a dashboard's log is read: the names of the sources. */
export type DashboardSource = 'dashboard-ranges' | 'dashboard-websocket' | 'dashboard-files';

/** On a dashboard each source has requests of its own: `dashboard-ranges/job-7`. */
export function dashboardLogOf(head: string): string | undefined {
  const [, route, jobId] = HEAD_LOG.exec(head) ?? [];
  if (route === undefined || OLDER_FILE.test(head) || (route === 'api/jobs' && !UPGRADE.test(head)))
    return undefined;
  return `${SOURCES[route]}/${jobId}`;
}

const SOURCES: Readonly<Record<string, DashboardSource>> = {
  'api/jobs': 'dashboard-websocket',
  'api/v0/logs/file': 'dashboard-files',
  logs: 'dashboard-ranges',
};

/** Finds the heads of requests in what a client sends: none has a body, and clients write a head at once. */
export class LogRequestWatch {
  readonly #logOf: LogOfHead;
  #upgraded = false;

  constructor(logOf: LogOfHead) {
    this.#logOf = logOf;
  }

  /** What the request that this chunk begins asks for; `undefined` when it begins none. */
  see(chunk: Buffer): { log: string | undefined } | undefined {
    if (this.#upgraded) return undefined;
    const head = chunk.toString('latin1');
    if (!METHOD.test(head)) return undefined;
    this.#upgraded = UPGRADE.test(head);
    return { log: this.#logOf(head) };
  }
}

/** A request's head as it leaves a proxy that knows no WebSocket: the hop-by-hop headers are gone. */
export function withoutUpgrade(chunk: Buffer): Buffer {
  const head = chunk
    .toString('latin1')
    .replace(/\r\n(?:upgrade|connection|sec-websocket-[a-z]+):[^\r]*/gi, '');
  return Buffer.from(head.replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n'), 'latin1');
}
