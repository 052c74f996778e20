import { ServerError } from '@raywire/core';

/** Turns the body of a whole log, as it arrives, into text. */
export interface LogBodyText {
  push(bytes: Uint8Array): string;
  /** @throws {ServerError} `UNEXPECTED_RESPONSE` when the body is not whole */
  end(): string;
}

/**
 * Chooses by content type: a JSON string is unescaped as it comes, anything else but a page is text.
 *
 * @throws {ServerError} `UNEXPECTED_RESPONSE` for HTML, which is no log but the page of a proxy
 */
export function logBodyText(contentType: string | undefined): LogBodyText {
  if (/^text\/html\b/i.test(contentType ?? ''))
    throw unexpected('it is an HTML page: a proxy or another server is in the way');
  return /^application\/json\b/i.test(contentType ?? '') ? new JsonStringText() : new PlainText();
}

class PlainText implements LogBodyText {
  readonly #decoder = new TextDecoder('utf-8', { ignoreBOM: true });

  push(bytes: Uint8Array): string {
    return this.#decoder.decode(bytes, { stream: true });
  }

  end(): string {
    return this.#decoder.decode();
  }
}

/** One JSON string, never held whole: it is cut before an unfinished escape and each piece parsed on its own. */
class JsonStringText implements LogBodyText {
  readonly #decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  readonly #special = /["\\]/g;
  #pending = '';
  #state: 'before' | 'inside' | 'after' = 'before';

  push(bytes: Uint8Array): string {
    return this.#take(this.#decoder.decode(bytes, { stream: true }));
  }

  end(): string {
    const text = this.#take(this.#decoder.decode());
    if (this.#state !== 'after') throw unexpected('it ends in the middle of the string');
    return text;
  }

  #take(chunk: string): string {
    let text = this.#pending + chunk;
    this.#pending = '';
    if (this.#state === 'before') {
      text = text.trimStart();
      if (text === '') return '';
      if (!text.startsWith('"')) throw unexpected('it is not a JSON string');
      this.#state = 'inside';
      text = text.slice(1);
    }
    if (this.#state === 'after') {
      if (text.trim() !== '') throw unexpected('something follows the string');
      return '';
    }
    return this.#inside(text);
  }

  #inside(text: string): string {
    let cut = 0;
    for (;;) {
      this.#special.lastIndex = cut;
      const special = this.#special.exec(text)?.index;
      if (special === undefined) break;
      if (text[special] === '"') {
        this.#state = 'after';
        if (text.slice(special + 1).trim() !== '') throw unexpected('something follows the string');
        return parsePiece(text.slice(0, special));
      }
      const length = text[special + 1] === 'u' ? 6 : 2;
      if (special + length > text.length) {
        this.#pending = text.slice(special);
        return parsePiece(text.slice(0, special));
      }
      cut = special + length;
    }
    return parsePiece(text);
  }
}

function parsePiece(piece: string): string {
  try {
    return JSON.parse(`"${piece}"`) as string;
  } catch (cause) {
    throw unexpected('it is not valid JSON', cause);
  }
}

function unexpected(what: string, cause?: unknown): ServerError {
  return new ServerError({
    statusCode: 502,
    code: 'UNEXPECTED_RESPONSE',
    message: `The log should be one JSON string or plain text, but ${what}.`,
    cause,
  });
}
