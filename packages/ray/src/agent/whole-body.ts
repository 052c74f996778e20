import { type HttpResponse, ServerError } from '@raywire/core';
import { isUnframed, UnframedEnd } from '../source/unframed-end.js';

const MAX_ANSWERS = 30;

/**
 * The body of a whole log. Where nothing says how long an answer is, one that was cut off looks whole: it is asked for
 * again, and its end is believed once it has come at the same byte several times. JSON says where it ends.
 *
 * @param again asks for the log once more
 * @throws {ServerError} `UNEXPECTED_RESPONSE` when it ends elsewhere each time
 */
export async function* wholeBody(
  first: HttpResponse,
  again: () => Promise<HttpResponse>,
): AsyncGenerator<Uint8Array, void, void> {
  const end = new UnframedEnd();
  let position = 0;
  let response = first;
  for (let answers = 1; ; answers++) {
    let read = 0;
    for await (const chunk of response.body) {
      const fresh = chunk.subarray(Math.max(0, position - read));
      read += chunk.length;
      position = Math.max(position, read);
      if (fresh.length > 0) yield fresh;
    }
    // One that is shorter than what came before it was cut, whatever it says.
    if (read === position && (saysItsEnd(response) || end.isBelievedAt(position))) return;
    if (answers === MAX_ANSWERS) throw unexpected('each answer ended elsewhere');
    response = await again();
    if (response.headers['content-type'] === first.headers['content-type']) continue;
    response.cancel();
    throw unexpected('asked for again, something else was answered');
  }
}

function saysItsEnd({ headers }: HttpResponse): boolean {
  return !isUnframed(headers) || /^application\/json\b/i.test(headers['content-type'] ?? '');
}

function unexpected(what: string): ServerError {
  return new ServerError({
    statusCode: 502,
    code: 'UNEXPECTED_RESPONSE',
    message: `Nothing says how long the log is, and ${what}.`,
  });
}
