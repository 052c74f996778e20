/** Counts down from now. The function returns the whole milliseconds that are left, never less than 1. */
export function countdown(milliseconds: number): () => number {
  const endsAt = performance.now() + milliseconds;
  return () => Math.max(1, Math.ceil(endsAt - performance.now()));
}
