/** A longer parameter is not one. */
const LONGEST_PARAMETER = 20;
const BOLD_AND_FAINT = 22;
const CLOSERS: ReadonlySet<number> = /* @__PURE__ */ new Set([22, 23, 24, 25, 27, 28, 29, 39, 49, 55, 59]);

interface Attribute {
  /** The parameter of the sequence that turns it on. */
  on: string;
  /** The parameter that turns it off. */
  closer: number;
}

/** Colours and the like, as the sequences that end with `m` (SGR) turn them on and off. */
export class TextStyle {
  /** The parameters that turn all of it on in a terminal that has nothing on; empty: there is nothing. */
  parameters = '';
  /** Something was turned off that was not turned on here, but perhaps on a line before. */
  endsEarlier = false;
  #attributes: Attribute[] = [];

  copy(): TextStyle {
    const copy = new TextStyle();
    copy.#attributes = this.#attributes;
    copy.parameters = this.parameters;
    copy.endsEarlier = this.endsEarlier;
    return copy;
  }

  /** @param parameters of one sequence, for example `1;31` */
  apply(parameters: string): void {
    const codes = parameters.split(';');
    for (let index = 0; index < codes.length; index++) {
      const length = lengthAt(codes, index);
      const on = codes.slice(index, index + length).join(';');
      index += length - 1;
      // `4:0` is no underline.
      const code = on === '4:0' ? 24 : Number.parseInt(on || '0', 10);
      if (on.length > LONGEST_PARAMETER || index >= codes.length) continue;
      if (code === 0) this.#keep(() => false);
      else if (CLOSERS.has(code)) this.#keep(({ closer }) => closer !== code);
      else this.#add(on, closerOf(code));
    }
    this.parameters = this.#attributes.map(({ on }) => on).join(';');
  }

  #keep(isKept: (attribute: Attribute) => boolean): void {
    const kept = this.#attributes.filter(isKept);
    if (kept.length === this.#attributes.length) this.endsEarlier = true;
    this.#attributes = kept;
  }

  #add(on: string, closer: number | undefined): void {
    if (closer === undefined) return;
    const others = this.#attributes.filter(
      (other) => other.closer !== closer || (closer === BOLD_AND_FAINT && other.on !== on),
    );
    this.#attributes = [...others, { on, closer }];
  }
}

/** How many parameters belong together: a colour by number has three, one by its parts five. */
function lengthAt(codes: readonly string[], index: number): number {
  if (!/^[345]8$/.test(codes[index] as string)) return 1;
  return codes[index + 1] === '2' ? 5 : codes[index + 1] === '5' ? 3 : codes.length - index + 1;
}

/** What turns an attribute off; `undefined`: there is no such attribute. */
function closerOf(code: number): number | undefined {
  if (code === 1 || code === 2) return BOLD_AND_FAINT;
  if (code === 21) return 24;
  if (code === 6) return 25;
  if (code >= 3 && code <= 9) return code + 20;
  if ((code >= 30 && code <= 38) || (code >= 90 && code <= 97)) return 39;
  if ((code >= 40 && code <= 48) || (code >= 100 && code <= 107)) return 49;
  if (code === 53) return 55;
  return code === 58 ? 59 : undefined;
}
