import type { ServerResponse } from 'node:http';

/** Some job as the head of a Ray cluster describes it; the caller says what matters. */
export function jobDetails(
  id: string,
  details: { driver_agent_http_address: string | null; driver_node_id: string | null } & Record<
    string,
    unknown
  >,
): Record<string, unknown> {
  return {
    ...{ type: 'SUBMISSION', job_id: '01000000', submission_id: id, status: 'SUCCEEDED', entrypoint: 'true' },
    ...{ message: '', error_type: null, metadata: {}, runtime_env: {}, driver_exit_code: 0 },
    ...{ start_time: 1_771_321_200_000, end_time: 1_771_321_260_000 },
    ...details,
  };
}

/**
 * The head of a node agent's answer, as its static files have it: 206 with the file's length, 416 past the end.
 *
 * @returns the bytes that are to follow, `end` exclusive; `undefined` after a 416, which is answered whole
 */
export function beginRange(
  response: ServerResponse,
  range: string | undefined,
  size: number,
  tag: string = '"1892f0a7c1d4e000-1"',
): { start: number; end: number } | undefined {
  const asked = /^bytes=(\d+)-(\d*)$/.exec(range ?? '');
  const start = Number(asked?.[1] ?? 0);
  const end = Math.min(size, asked?.[2] ? Number(asked[2]) + 1 : size);
  if (start >= size && asked !== null) {
    response.writeHead(416, { 'content-range': `bytes */${size}`, 'content-length': 0 }).end();
    return undefined;
  }
  response.writeHead(asked === null ? 200 : 206, {
    'content-type': 'text/plain',
    'accept-ranges': 'bytes',
    etag: tag,
    'content-length': end - start,
    ...(asked !== null && { 'content-range': `bytes ${start}-${end - 1}/${size}` }),
  });
  return { start, end };
}
