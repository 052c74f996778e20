import ignore, { type Ignore } from 'ignore';

/** What Ray never packs, and the modules of Node. `!node_modules` in an ignore file or in `excludes` brings them back. */
const NEVER_PACKED = ['.git', '.venv', 'venv', '__pycache__', 'node_modules'];

/** The files in which a folder says what is left out of it and of the folders below. */
export const IGNORE_FILES: readonly string[] = ['.gitignore', '.rayignore'];

/** What is left out of a folder: its own rules, and those of the folders above it. */
export class IgnoreRules {
  readonly #rules: Ignore;
  readonly #above: { rules: IgnoreRules; name: string } | undefined;

  private constructor(patterns: readonly string[], above?: { rules: IgnoreRules; name: string }) {
    this.#rules = ignore({ allowRelativePaths: false }).add(patterns as string[]);
    this.#above = above;
  }

  /** Of the folder that is packed. */
  static root(patterns: readonly string[]): IgnoreRules {
    return new IgnoreRules([...NEVER_PACKED, ...patterns]);
  }

  /** Of a folder in this one. */
  below(name: string, patterns: readonly string[]): IgnoreRules {
    return new IgnoreRules(patterns, { rules: this, name });
  }

  /** @param path within this folder, with `/`; that of a folder ends with one */
  ignores(path: string): boolean {
    // The nearest rules come last: like git, they may bring back what those above leave out.
    const { ignored, unignored } = this.#rules.test(path);
    if (ignored) return true;
    if (unignored || this.#above === undefined) return false;
    return this.#above.rules.ignores(`${this.#above.name}/${path}`);
  }
}
