/** A variable of the process's environment; empty is as good as absent. */
export function readEnvironment(name: string): string | undefined {
  return process.env[name] || undefined;
}
