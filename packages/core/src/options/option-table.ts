/** What one option may be, and its value when it is left out. */
export interface OptionKind<in out Value, out Default extends Value | undefined = Value | undefined> {
  /**
   * Gives the value as it is used from then on.
   *
   * @param place where it was given, as the caller knows it: `listJobs: timeoutMs`
   * @throws {InvalidArgumentError} naming the place, the rule, the input and the remedy
   */
  check(value: unknown, place: string): Value;
  readonly fallback: Default;
  /** `undefined` is checked too. */
  readonly isRequired?: boolean;
  /** What is given for it is in no message, wherever else it was given too. */
  readonly isSecret?: boolean | undefined;
  /** Why it is not an option, for a name that is in the table only to explain that. */
  readonly refusal?: string;
  /** The names within an option that has options of its own. */
  readonly inner?: () => readonly string[];
}

/** Any table of options. */
// biome-ignore lint/suspicious/noExplicitAny: a kind is neither a sub- nor a supertype of one for another type.
export type AnyOptionTable = Readonly<Record<string, OptionKind<any> | OptionKind<never>>>;

type Given<Options, Name extends keyof Options> = Exclude<Options[Name], undefined>;

/**
 * The table of an interface of options: exactly its names, and for each a kind of exactly its type. One that spreads
 * another is made by a function that is marked as pure: bundlers keep a bare spread that nobody uses.
 *
 * @typeParam Defaulted those that may be left out and have a default
 */
export type OptionTable<Options, Defaulted extends keyof Options = never> = {
  readonly [Name in keyof Options]-?: OptionKind<
    Given<Options, Name>,
    | Given<Options, Name>
    | (Name extends Defaulted ? never : Record<never, never> extends Pick<Options, Name> ? undefined : never)
  >;
};

/** Names that a table has only to explain why they are not options. */
export type RefusedOptions<Names extends string> = { readonly [Name in Names]?: never };

/** Options read by a table: those with a default are always there, the others only where they were given. */
export type CheckedOptions<Table extends AnyOptionTable> = {
  [Name in keyof Table as undefined extends Table[Name]['fallback'] ? never : Name]: ReturnType<
    Table[Name]['check']
  >;
} & {
  [Name in keyof Table as undefined extends Table[Name]['fallback'] ? Name : never]?: ReturnType<
    Table[Name]['check']
  >;
};

/** The names that a table takes. @__NO_SIDE_EFFECTS__ */
export function optionNames(table: AnyOptionTable): string[] {
  return Object.keys(table).filter((name) => table[name]?.refusal === undefined);
}
