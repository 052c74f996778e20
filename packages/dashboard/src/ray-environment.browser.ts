/** A browser has no environment. */
export function readEnvironment(_name: string): string | undefined {
  return undefined;
}

/** A browser has no files. */
export function findRayToken(): string | undefined {
  return undefined;
}
