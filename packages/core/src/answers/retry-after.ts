/**
 * What a `Retry-After` header asks for, in milliseconds from now; `undefined` when it is none.
 *
 * @param value seconds, or an HTTP date; one in the past is 0
 */
export function parseRetryAfter(value: string | undefined, now: number = Date.now()): number | undefined {
  const text = value?.trim() ?? '';
  if (/^\d+(?:\.\d+)?$/.test(text)) return Math.round(Number(text) * 1000);
  // An HTTP date begins with its weekday; `Date.parse` alone takes `-5` for a month.
  const date = /^[A-Z][a-z]+, /.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
