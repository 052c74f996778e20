/** Shows the unfinished line to the caller's `onPartial`, each state of it once. */
export class PartialDisplay {
  readonly #onPartial: ((text: string) => void) | undefined;
  #shown = '';

  constructor(onPartial: ((text: string) => void) | undefined) {
    this.#onPartial = onPartial;
  }

  /** @param text what is shown now; a function, since nobody may be looking */
  show(text: () => string): void {
    if (this.#onPartial === undefined) return;
    const shown = text();
    if (shown === this.#shown) return;
    this.#shown = shown;
    this.#onPartial(shown);
  }
}
