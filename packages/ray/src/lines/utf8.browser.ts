import type { Utf8 as NodeUtf8 } from './utf8.node.js';

/** UTF-8 of texts, with little code: a browser reads fewer lines than a server. */
export class Utf8 implements Pick<NodeUtf8, 'encode' | 'encodeLines' | 'length'> {
  readonly #encoder = new TextEncoder();

  encode(text: string): Uint8Array {
    return this.#encoder.encode(text);
  }

  encodeLines(lines: readonly string[]): Uint8Array {
    return this.encode(lines.concat('').join('\n'));
  }

  length(text: string): number {
    return this.encode(text).length;
  }
}
