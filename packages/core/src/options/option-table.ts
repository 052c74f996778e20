/** What one option may be, and its value when it is left out. */
export interface OptionKind<in out Value, out Fallback extends Value | undefined = Value | undefined> {
  /**
   * Gives the value as it is used from then on.
   *
   * @param where the function or class, as the caller knows it: `listJobs`, `new AgentClient`
   * @throws {InvalidArgumentError} naming `where`, the option, the input and the remedy
   */
  check(value: unknown, option: string, where: string): Value;
  readonly fallback: Fallback;
  /** `undefined` is checked too. */
  readonly isRequired?: boolean;
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
 * The table of an interface of options: exactly its names, and for each a kind of exactly its type.
 *
 * @typeParam Defaulted those that may be left out and have a default
 */
export type OptionTable<Options, Defaulted extends keyof Options = never> = {
  readonly [Name in keyof Options]-?: OptionKind<
    Given<Options, Name>,
    Given<Options, Name> | (Name extends Defaulted | RequiredName<Options> ? never : undefined)
  >;
};

type RequiredName<Options> = {
  [Name in keyof Options]-?: Partial<Pick<Options, Name>> extends Pick<Options, Name> ? never : Name;
}[keyof Options];

/** Names that a table has only to explain why they are not options. */
export type RefusedOptions<Names extends string> = { readonly [Name in Names]?: never };

/** Options read by a table: those with a default are always there, the others only where they were given. */
export type CheckedOptions<Table extends AnyOptionTable> = {
  -readonly [Name in keyof Table as undefined extends Table[Name]['fallback'] ? never : Name]: ReturnType<
    Table[Name]['check']
  >;
} & {
  -readonly [Name in keyof Table as undefined extends Table[Name]['fallback'] ? Name : never]?: ReturnType<
    Table[Name]['check']
  >;
};

/** The names that a table takes. */
export function optionNames(table: AnyOptionTable): string[] {
  return Object.keys(table).filter((name) => table[name]?.refusal === undefined);
}
