import type { HttpResponse } from '../contracts/http-requester.js';
import type { Redactor } from '../redaction/redactor.js';
import { parseJsonSafely } from './parse-json-safely.js';

/** More of a refusal than this nobody reads. */
const MAX_ERROR_BYTES = 64 * 1024;
const MAX_MESSAGE = 500;
const MAX_TEXT_DETAIL = 4_000;
const TRACEBACK = /^Traceback \(most recent call last\)/m;

/** What a refusal said: for people, and as it was said. */
export interface ErrorBody {
  /** One readable line; empty when the server said nothing. */
  summary: string;
  /** Parsed JSON (its `detail`, where it has one), or text. */
  detail: unknown;
}

/**
 * Reads the body of a refusal, or of an answer that is ignored, as far as it is of use (64 KiB), and frees the
 * socket. A body that breaks off, is aborted or comes too slowly gives what has come: the status is what counts.
 */
export async function readBriefText(response: Pick<HttpResponse, 'body' | 'cancel'>): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  try {
    for await (const chunk of response.body) {
      const room = MAX_ERROR_BYTES - bytes;
      text += decoder.decode(chunk.subarray(0, room), { stream: true });
      bytes += chunk.length;
      if (bytes >= MAX_ERROR_BYTES) break;
    }
  } catch {
    // What has come counts.
  } finally {
    response.cancel();
  }
  return text;
}

/** What an error shows of a refusal's body, without secrets: they are taken out before anything is cut off. */
export function parseErrorBody(body: string, contentType: string | undefined, redactor: Redactor): ErrorBody {
  const trimmed = body.trim();
  if (trimmed === '') return { summary: '', detail: undefined };
  // Parsed first: a secret is then found however JSON escapes it, and what is put in its place breaks nothing.
  const parsed = /^[[{"]/.test(trimmed) ? parseJsonSafely(trimmed) : undefined;
  if (parsed !== undefined) return fromJson(parsed.value, redactor);
  const text = redactor.redact(trimmed);
  if (/\bhtml\b/i.test(contentType ?? '') || /^<(?:!doctype|html|head|body)/i.test(text)) {
    const title = /<title[^>]{0,200}>([^<]{1,200})/i.exec(text)?.[1];
    const said = title === undefined ? '' : `, titled ${JSON.stringify(oneLine(title))}`;
    return { summary: `an HTML page${said}, as a proxy sends it`, detail: cut(text, MAX_TEXT_DETAIL) };
  }
  // A traceback says at its end what matters: it is shown whole.
  return {
    summary: summaryOf(text),
    detail: TRACEBACK.test(text) ? text : cut(text, MAX_TEXT_DETAIL),
  };
}

function fromJson(value: unknown, redactor: Redactor): ErrorBody {
  const hasDetail = isRecord(value) && Object.hasOwn(value, 'detail');
  const detail = redactor.sanitize(hasDetail ? value.detail : value);
  return { summary: readable(detail), detail };
}

function readable(detail: unknown): string {
  if (typeof detail === 'string') return summaryOf(detail);
  if (Array.isArray(detail) && detail.length > 0 && detail.every(isFieldError)) {
    return cut(detail.map((item) => fieldMessage(item)).join('; '), MAX_MESSAGE);
  }
  if (isRecord(detail)) {
    for (const name of ['message', 'msg', 'error', 'title']) {
      if (typeof detail[name] === 'string') return summaryOf(detail[name]);
    }
  }
  return detail === undefined || detail === null ? '' : cut(JSON.stringify(detail), MAX_MESSAGE);
}

/** One entry of FastAPI's list. */
interface FieldError {
  loc?: unknown;
  msg: string;
}

function isFieldError(value: unknown): value is FieldError {
  return isRecord(value) && typeof value.msg === 'string';
}

function fieldMessage({ loc, msg }: FieldError): string {
  const place = Array.isArray(loc) ? loc.join('.') : '';
  return place === '' ? oneLine(msg) : `${place}: ${oneLine(msg)}`;
}

/** What matters in a Python traceback is its last line that says something (Ray ends one with a lone full stop). */
function summaryOf(text: string): string {
  const lines = text.trim().split('\n');
  const isTraceback = TRACEBACK.test(text);
  return cut(oneLine(isTraceback ? (lines.findLast((line) => /\w/.test(line)) ?? '') : text), MAX_MESSAGE);
}

function oneLine(text: string): string {
  return text.replaceAll(/[\u0000-\u0020\u007f-\u009f]+/g, ' ').trim();
}

function cut(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length)}…` : text;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
