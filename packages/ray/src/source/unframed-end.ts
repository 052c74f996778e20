/** So many unframed bodies in a row must end at the same place. */
const BELIEVED_ENDS = 3;

/** Whether nothing says how long an answer is, so that a cut looks like its end. */
export function isUnframed(headers: Readonly<Record<string, string>>): boolean {
  return headers['content-length'] === undefined && headers['transfer-encoding'] === undefined;
}

/** Whether the end of unframed bodies is that of the log: once several in a row have ended there. */
export class UnframedEnd {
  #position = -1;
  #times = 0;

  /** @param position where one more has ended */
  isBelievedAt(position: number): boolean {
    this.#times = position === this.#position ? this.#times + 1 : 1;
    this.#position = position;
    return this.#times >= BELIEVED_ENDS;
  }
}
