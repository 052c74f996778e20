import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import { BODY_MS } from '../guards/body-time.js';
import { RequestRefused } from '../request-refused.js';

/** Of one package; Ray's own limit. */
export const MAX_PACKAGE_BYTES: number = 100 * 1024 * 1024;

/** The body of an upload. What was refused in it stays known, whatever its reader makes of that. */
export interface PackageContent extends AsyncIterable<Uint8Array> {
  readonly refusal: RequestRefused | undefined;
}

/**
 * Hands a body on piece by piece, bounded, and refuses its end when the content is not what the hash says. A sender or a
 * reader that does nothing for 30 s ends it.
 */
export function packageContent(body: Readable, hash: string): PackageContent {
  let refusal: RequestRefused | undefined;
  const refuse = (statusCode: number, detail: string): never => {
    refusal = new RequestRefused(statusCode, detail, { connection: 'close' });
    throw refusal;
  };
  return {
    get refusal() {
      return refusal;
    },
    async *[Symbol.asyncIterator]() {
      const digest = createHash('sha256');
      let bytes = 0;
      const silence = setTimeout(() => body.destroy(), BODY_MS);
      body.once('close', () => clearTimeout(silence));
      try {
        for await (const piece of body as AsyncIterable<Buffer>) {
          silence.refresh();
          bytes += piece.length;
          if (bytes > MAX_PACKAGE_BYTES) refuse(413, `A package has at most ${MAX_PACKAGE_BYTES} bytes`);
          digest.update(piece);
          yield piece;
        }
      } catch (error) {
        throw refusal ?? refuse(400, `The upload broke off: ${(error as Error).message}`);
      }
      if (!digest.digest('hex').startsWith(hash))
        refuse(400, 'The SHA-256 of the content does not begin with the hash in the name: send it again');
    },
  };
}
