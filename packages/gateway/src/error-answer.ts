import { ClientError } from '@raywire/core';
import { MAX_BODY_BYTES, NOT_JSON, RequestRefused } from './request-refused.js';

/** What is answered for an error; `unexpected` marks those that the gateway's owner should hear of. */
export interface ErrorAnswer {
  statusCode: number;
  detail: string;
  headers: Readonly<Record<string, string>>;
  unexpected: boolean;
}

/** Longer than any sentence: what is quoted in it came from the caller, or from a cluster. */
const MAX_DETAIL_LENGTH = 2_000;

/** In place of Fastify's own words, which name neither the limit nor the remedy. */
const FASTIFYS_DETAILS: Readonly<Record<number, string>> = {
  413: `The body is too large: it may have at most ${MAX_BODY_BYTES} bytes`,
  415: NOT_JSON,
};

/** Maps whatever a handler or driver threw to an answer. Stacks and foreign messages stay inside. */
export function answerForError(error: unknown): ErrorAnswer {
  const answer = answerOf(error);
  if (answer.detail.length <= MAX_DETAIL_LENGTH) return answer;
  return { ...answer, detail: `${answer.detail.slice(0, MAX_DETAIL_LENGTH)}…` };
}

/** Why a log could not be sent, for a reader whose answer has begun. */
export function reasonOf(error: unknown): string {
  const isExplained = ClientError.isInstance(error) || error instanceof RequestRefused;
  return isExplained ? answerForError(error).detail : 'The log could not be read';
}

function answerOf(error: unknown): ErrorAnswer {
  if (error instanceof RequestRefused) {
    return { statusCode: error.statusCode, detail: error.message, headers: error.headers, unexpected: false };
  }
  if (ClientError.isInstance(error)) {
    const statusCode = callersStatus(error.statusCode);
    // What a cluster said may be a whole traceback: the message has its last line.
    const isTraceback = typeof error.detail === 'string' && error.detail.includes('Traceback (most recent');
    const detail = typeof error.detail === 'string' && !isTraceback ? error.detail : error.message;
    return { statusCode, detail, headers: {}, unexpected: statusCode >= 500 };
  }
  // Fastify's own refusals (body too large, wrong media type, bad JSON, bad URL) carry a code and a 4xx.
  const { code, statusCode, message } = error as { code?: unknown; statusCode?: unknown; message?: unknown };
  const isFastifys = typeof code === 'string' && (code.startsWith('FST_') || statusCode === 400);
  if (isFastifys && typeof statusCode === 'number' && statusCode < 500 && typeof message === 'string') {
    return { statusCode, detail: FASTIFYS_DETAILS[statusCode] ?? message, headers: {}, unexpected: false };
  }
  return { statusCode: 500, detail: 'The gateway failed', headers: {}, unexpected: true };
}

/** What goes wrong between the driver and its cluster, the gateway's credentials there included, is a bad gateway. */
function callersStatus(statusCode: number | undefined): number {
  if (statusCode === undefined) return 500;
  if (statusCode === 501 || statusCode === 503 || statusCode === 507) return statusCode;
  if (statusCode === 408) return 504;
  return statusCode >= 500 || statusCode === 401 || statusCode === 403 ? 502 : statusCode;
}
