import { requesterFailure } from '../client/call-failures.js';
import type { Call } from '../client/call-scope.js';
import type { HttpResponse } from '../contracts/http-requester.js';
import { ClientConnectionError } from '../errors/client-connection-error.js';
import { ServerError } from '../errors/server-error.js';
import { readBriefText } from './error-body.js';
import { parseJsonSafely } from './parse-json-safely.js';

const SHOWN_CHARACTERS = 80;
/** Secrets are sent in headers, and no server takes one of this length: none is cut before it is found. */
const REDACTED_CHARACTERS = 65_536;

/**
 * The data of a successful answer, as the call expects it.
 *
 * @throws {ServerError} `UNEXPECTED_RESPONSE` or `RESPONSE_TOO_LARGE`
 * @throws {ClientConnectionError} when the body broke off
 */
export async function readResponse(response: HttpResponse, call: Call): Promise<unknown> {
  if (call.method === 'HEAD' || call.expect === 'none') {
    await readBriefText(response);
    call.scope.signal.throwIfAborted();
    return undefined;
  }
  const text = await readText(response, call);
  if (call.expect === 'text') return response.status === 204 ? undefined : text;
  // A write may have nothing to say; a read that says nothing is an accident on the way.
  if (text.trim() === '' && !call.isRead) return undefined;
  const isHtml = /\bhtml\b/i.test(response.headers['content-type'] ?? '');
  const parsed = isHtml ? undefined : parseJsonSafely(text);
  if (parsed === undefined) throw unexpected(response, call, text);
  return parsed.value;
}

async function readText(response: HttpResponse, call: Call): Promise<string> {
  const { headers } = response;
  const announced = /^\d+$/.test(headers['content-length'] ?? '')
    ? Number(headers['content-length'])
    : undefined;
  if (announced !== undefined && announced > call.maxResponseBytes) throw tooLarge(response, call);
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  try {
    for await (const chunk of response.body) {
      bytes += chunk.length;
      if (bytes > call.maxResponseBytes) throw tooLarge(response, call);
      chunks.push(chunk);
    }
  } catch (error) {
    throw requesterFailure(error, call);
  }
  // The length is that of the compressed body where it is compressed.
  if (announced !== undefined && bytes < announced && headers['content-encoding'] === undefined) {
    throw new ClientConnectionError({
      message: `The answer to ${call.what} broke off after ${bytes} of ${announced} bytes.`,
    });
  }
  // At once: decoded piece by piece, a text takes two bytes a character and is put together again to be parsed.
  return new TextDecoder().decode(chunks.length === 1 ? chunks[0] : joined(chunks, bytes));
}

function joined(chunks: readonly Uint8Array[], bytes: number): Uint8Array {
  const whole = new Uint8Array(bytes);
  let position = 0;
  for (const chunk of chunks) {
    whole.set(chunk, position);
    position += chunk.length;
  }
  return whole;
}

function tooLarge(response: HttpResponse, call: Call): ServerError {
  response.cancel();
  return new ServerError({
    code: 'RESPONSE_TOO_LARGE',
    statusCode: 502,
    message: `The answer to ${call.what} is larger than ${call.maxResponseBytes} bytes: raise maxResponseBytes, or read it with stream().`,
    requestId: response.headers['x-request-id'],
  });
}

function unexpected(response: HttpResponse, call: Call, text: string): ServerError {
  const contentType = response.headers['content-type'] ?? 'no content type';
  // Redacted before the cut, or half a secret would stay.
  const begin = call.redactor.redact(text.slice(0, REDACTED_CHARACTERS)).slice(0, SHOWN_CHARACTERS);
  const shown = text.trim() === '' ? 'and no body' : `that begins with ${JSON.stringify(begin)}`;
  return new ServerError({
    code: 'UNEXPECTED_RESPONSE',
    statusCode: 502,
    message: `${call.what} was answered ${response.status} with ${contentType} ${shown}, where JSON was expected. Is baseURL right, and is a proxy in between?`,
    requestId: response.headers['x-request-id'],
  });
}
