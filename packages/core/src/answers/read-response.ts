import type { PreparedCall } from '../client/prepared-call.js';
import type { HttpResponse } from '../contracts/http-requester.js';
import { ClientConnectionError } from '../errors/client-connection-error.js';
import { ServerError } from '../errors/server-error.js';
import type { Redactor } from '../redaction/redactor.js';
import { readBriefText } from './error-body.js';
import { parseJsonSafely } from './parse-json-safely.js';

const SHOWN_CHARACTERS = 80;

/**
 * The data of a successful answer, as the call expects it.
 *
 * @throws {ServerError} `UNEXPECTED_RESPONSE` or `RESPONSE_TOO_LARGE`
 * @throws {ClientConnectionError} when the body broke off
 */
export async function readResponse(
  response: HttpResponse,
  call: PreparedCall,
  context: { redactor: Redactor; signal: AbortSignal },
): Promise<unknown> {
  if (call.method === 'HEAD' || call.expect === 'none') {
    await readBriefText(response);
    context.signal.throwIfAborted();
    return undefined;
  }
  const text = await readText(response, call);
  if (call.expect === 'text') return response.status === 204 ? undefined : text;
  // A write may have nothing to say; a read that says nothing is an accident on the way.
  if (text.trim() === '' && !call.isRead) return undefined;
  const parsed = isHtml(response) ? undefined : parseJsonSafely(text);
  if (parsed === undefined) throw unexpected(response, call, text, context.redactor);
  return parsed.value;
}

async function readText(response: HttpResponse, call: PreparedCall): Promise<string> {
  const { headers } = response;
  const announced = /^\d+$/.test(headers['content-length'] ?? '')
    ? Number(headers['content-length'])
    : undefined;
  if (announced !== undefined && announced > call.maxResponseBytes) throw tooLarge(response, call);
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body) {
    bytes += chunk.length;
    if (bytes > call.maxResponseBytes) throw tooLarge(response, call);
    chunks.push(chunk);
  }
  // The length is that of the compressed body where it is compressed.
  if (announced !== undefined && bytes < announced && headers['content-encoding'] === undefined) {
    throw new ClientConnectionError({
      message: `The answer to ${call.what} broke off after ${bytes} of ${announced} bytes.`,
    });
  }
  // At once: decoded piece by piece, a text takes two bytes a character and is put together again to be parsed.
  return new TextDecoder().decode(joined(chunks, bytes));
}

function joined(chunks: readonly Uint8Array[], bytes: number): Uint8Array {
  const [first] = chunks;
  if (first !== undefined && chunks.length === 1) return first;
  const whole = new Uint8Array(bytes);
  let position = 0;
  for (const chunk of chunks) {
    whole.set(chunk, position);
    position += chunk.length;
  }
  return whole;
}

function isHtml(response: HttpResponse): boolean {
  return /\bhtml\b/i.test(response.headers['content-type'] ?? '');
}

function tooLarge(response: HttpResponse, call: PreparedCall): ServerError {
  response.cancel();
  return new ServerError({
    code: 'RESPONSE_TOO_LARGE',
    statusCode: 502,
    message: `The answer to ${call.what} is larger than ${call.maxResponseBytes} bytes: raise maxResponseBytes, or read it piece by piece with stream().`,
    requestId: response.headers['x-request-id'],
  });
}

function unexpected(
  response: HttpResponse,
  call: PreparedCall,
  text: string,
  redactor: Redactor,
): ServerError {
  const contentType = response.headers['content-type'] ?? 'no content type';
  // Redacted before the cut, or half a secret would stay.
  const begin = redactor.redact(text.slice(0, SHOWN_CHARACTERS * 64)).slice(0, SHOWN_CHARACTERS);
  const shown = text.trim() === '' ? 'and no body' : `that begins with ${JSON.stringify(begin)}`;
  return new ServerError({
    code: 'UNEXPECTED_RESPONSE',
    statusCode: 502,
    message: `${call.what} was answered ${response.status} with ${contentType} ${shown}, where JSON was expected. Is baseURL right, and is a proxy in between?`,
    requestId: response.headers['x-request-id'],
  });
}
