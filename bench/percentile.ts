/** The smallest value that so much of all are not above. @param sorted ascending @param share between 0 and 1 */
export function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}
