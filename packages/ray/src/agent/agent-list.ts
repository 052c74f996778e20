import { type ApiClient, type CallOptions, ServerError, UnsupportedByServerError } from '@raywire/core';
import { conditionsOf, type ListFilters, listParameters, meetsAll } from '../lists/list-conditions.js';
import type { PageQuery } from '../lists/list-queries.js';
import { Listing } from '../lists/listing.js';
import type { AgentCapabilities } from './agent-capabilities.js';

/** Pages of one list that were read: one, or all of them. */
interface ReadPages<Row> {
  items: Row[];
  /** The largest `count` of the pages; `undefined` where none has one. */
  count: number | undefined;
  /** The link to the page after these. */
  next: URL | undefined;
  /** The server says itself whether there are rows that no page has. */
  truncated: boolean | undefined;
}

type ListOptions = CallOptions & PageQuery & ListFilters;

/**
 * Makes the list calls of the agent protocol. An agent that pages and filters does so itself. An older one sends all
 * rows: they are filtered and cut here.
 */
export function agentList(capabilities: AgentCapabilities) {
  return <Row extends object>(path: string) =>
    async (
      api: ApiClient,
      { limit, cursor, signal, headers, timeoutMs, maxRetries, ...filters }: ListOptions,
    ): Promise<Listing<Row>> => {
      const call = { signal, headers, timeoutMs, maxRetries };
      const parameters = listParameters({ limit, cursor, ...filters });
      // A plain list is the same everywhere, whatever the agent can do.
      const pages = parameters !== '' && (await capabilities.of(api, call)).has('paging');
      if (cursor !== undefined && !pages) throw noCursors();
      const read = await readPages<Row>(
        api,
        path + (pages ? parameters : ''),
        call,
        pages && limit !== undefined,
      );
      const { items, count = 0, next, truncated } = read;
      const conditions = pages ? [] : conditionsOf(filters);
      const matching = conditions.length === 0 ? items : items.filter((row) => meetsAll(row, conditions));
      const shown = pages ? matching : matching.slice(0, limit);
      return new Listing({
        items: shown,
        // A row that came while the pages were read is in them, and not in the count of the first.
        total: Math.max(conditions.length === 0 ? count : 0, matching.length),
        next: next?.searchParams.get('cursor') ?? undefined,
        truncated:
          next !== undefined || (truncated ?? (count > items.length || matching.length > shown.length)),
      });
    };
}

/** An answer that is not one of the protocol. */
export function unexpectedAnswer(path: string, wanted: string): ServerError {
  return new ServerError({
    statusCode: 502,
    code: 'UNEXPECTED_RESPONSE',
    message: `The answer of ${path} should be ${wanted}, but it is not. Is the base URL that of an agent?`,
  });
}

/** Both list shapes: a bare array, or pages whose `next` is followed, on the same origin only. */
async function readPages<Row>(
  api: ApiClient,
  path: string,
  call: CallOptions,
  onlyOne: boolean,
): Promise<ReadPages<Row>> {
  const items: Row[] = [];
  const seen = new Set<string>();
  let count: number | undefined;
  for (let url = api.url(path); ; ) {
    if (seen.has(url)) throw unexpectedAnswer(path, 'pages whose `next` comes to an end');
    seen.add(url);
    const { data }: { data: unknown } = await api.request<unknown>({ path: url, ...call });
    if (Array.isArray(data) && seen.size === 1)
      return { items: data as Row[], count, next: undefined, truncated: undefined };
    const page = data as { results?: unknown; count?: unknown; next?: unknown; truncated?: unknown } | null;
    if (!Array.isArray(page?.results)) throw unexpectedAnswer(path, 'an array, or pages with `results`');
    for (const item of page.results as Row[]) items.push(item);
    if (typeof page.count === 'number') count = Math.max(count ?? 0, page.count);
    const next = nextPage(page.next, url);
    const truncated = typeof page.truncated === 'boolean' ? page.truncated : undefined;
    if (next === undefined || onlyOne) return { items, count, next, truncated };
    url = next.href;
  }
}

/** The credentials never leave the origin, and a list that cannot be followed must not look whole. */
function nextPage(link: unknown, from: string): URL | undefined {
  if (link === undefined || link === null || link === '') return undefined;
  if (typeof link !== 'string' || !URL.canParse(link, from))
    throw unexpectedAnswer(new URL(from).pathname, 'pages whose `next` is a URL');
  const next = new URL(link, from);
  if (next.origin === new URL(from).origin) return next;
  throw new ServerError({
    statusCode: 502,
    code: 'REDIRECT_REFUSED',
    message: `The list goes on at another origin (${next.origin}), where the credentials must not go. Is the base URL the one that the agent knows itself by?`,
  });
}

function noCursors(): UnsupportedByServerError {
  return new UnsupportedByServerError({
    message:
      'This agent has no cursors: it is not a Raywire gateway, or an older one. Leave cursor out, or upgrade @raywire/gateway.',
  });
}
