/** A browser has no environment. */
export function readEnvironment(_name: string): string | undefined {
  return undefined;
}
