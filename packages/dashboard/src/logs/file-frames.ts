import type { LogConnection, LogFrame } from '@raywire/core';
import { ClientTimeoutError } from '@raywire/core';
import { within } from '@raywire/core/internal';
import { toBytes } from '@raywire/ray/internal';

/** The frames of an answer, of which some bytes may be taken first. */
export class FileFrames implements AsyncIterable<Uint8Array> {
  readonly #source: Pick<LogConnection, 'takeBuffered'>;
  readonly #frames: AsyncIterator<LogFrame>;
  readonly #patience: { signal: AbortSignal; stalledAfterMs: number };
  #skip: number;
  /** What was received with the bytes that were taken. */
  #held: Uint8Array = new Uint8Array(0);

  /** @param skip so many bytes at the beginning are left out */
  constructor(
    source: AsyncIterable<LogFrame> & Pick<LogConnection, 'takeBuffered'>,
    skip: number,
    patience: { signal: AbortSignal; stalledAfterMs: number },
  ) {
    this.#source = source;
    this.#frames = source[Symbol.asyncIterator]();
    this.#skip = skip;
    this.#patience = patience;
  }

  /**
   * The next bytes; fewer at the end.
   *
   * @throws {ClientTimeoutError} when nothing comes for `stalledAfterMs`
   */
  async take(length: number): Promise<Uint8Array> {
    const { signal, stalledAfterMs: timeoutMs } = this.#patience;
    const taken = new Uint8Array(length);
    let count = 0;
    while (count < length) {
      const next = within(this.#next(), { signal, timeoutMs, late: () => stalled(timeoutMs) });
      const bytes = await next;
      if (bytes === undefined) break;
      const part = bytes.subarray(0, length - count);
      taken.set(part, count);
      count += part.length;
      this.#held = bytes.subarray(part.length);
    }
    return taken.subarray(0, count);
  }

  takeBuffered(): Uint8Array[] {
    const held = this.#takeHeld();
    const frames = (this.#source.takeBuffered?.() ?? []).map((frame) => this.#afterSkipped(frame));
    return (held === undefined ? frames : [held, ...frames]).filter(({ length }) => length > 0);
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void, void> {
    for (let bytes = await this.#next(); bytes !== undefined; bytes = await this.#next()) yield bytes;
  }

  async #next(): Promise<Uint8Array | undefined> {
    const held = this.#takeHeld();
    if (held !== undefined) return held;
    for (;;) {
      const next = await this.#frames.next();
      if (next.done) return undefined;
      const bytes = this.#afterSkipped(next.value);
      if (bytes.length > 0) return bytes;
    }
  }

  #takeHeld(): Uint8Array | undefined {
    const held = this.#held;
    this.#held = held.subarray(held.length);
    return held.length === 0 ? undefined : held;
  }

  #afterSkipped(frame: LogFrame): Uint8Array {
    const bytes = toBytes(frame);
    const skipped = Math.min(this.#skip, bytes.length);
    this.#skip -= skipped;
    return bytes.subarray(skipped);
  }
}

/** The server sent nothing for so long in the middle of an answer. */
export function stalled(timeoutMs: number): ClientTimeoutError {
  return new ClientTimeoutError({
    code: 'READ_TIMEOUT',
    message: `The log file stopped coming for ${timeoutMs} ms in the middle of an answer.`,
  });
}
