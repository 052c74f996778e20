import type { LogAnchor, LogCheckpoint } from '@raywire/core';
import type { LogPosition } from '@raywire/core/internal';

/** A checkpoint whose anchor is made when somebody asks for it: most are never kept. */
export class AnchoredPlace implements LogCheckpoint {
  readonly offset: number;
  readonly position: LogPosition;
  readonly #makeAnchor: () => LogAnchor;
  #anchor: LogAnchor | undefined;

  constructor({ offset, position }: LogCheckpoint, makeAnchor: () => LogAnchor) {
    this.offset = offset;
    this.position = position;
    this.#makeAnchor = makeAnchor;
  }

  get anchor(): LogAnchor {
    this.#anchor ??= this.#makeAnchor();
    return this.#anchor;
  }

  /** All of it, for a cursor. */
  get plain(): LogCheckpoint {
    const { offset, position, anchor } = this;
    return { offset, position, anchor };
  }
}
