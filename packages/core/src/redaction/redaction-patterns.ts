/** What stands in place of a secret. */
export const REDACTED = '[redacted]';

// A name that ends in one of the first is a secret whatever it begins with (`agent_token`, `X-Amz-Signature`);
// the short ones only as a word of their own. `key` alone is one in a query only: `filter key=node_id` is not.
const SECRET_NAME =
  '(?:token|ticket|secret|passw(?:or)?d|passphrase|pwd|signature|credentials?|api[-_.]?key|access[-_.]?key|private[-_.]?key|authorization|(?:(?<![a-z0-9])|(?<=%26|%3F))(?:sig|auth|jwt)|(?<=[-_.?&;]|%26|%3F)key)';

// Each run excludes what begins the next match, so that no text takes more than linear time.
const PATTERNS: readonly [RegExp, string][] = [
  // scheme://user:password@host
  [/\/\/[^\s/?#"'<>]*@/g, `//${REDACTED}@`],
  // The same with a `/`, `?` or `#` in the password; a port is no password.
  [/\/\/[^\s/?#:@[\]"'<>]{0,256}:(?!\d{1,5}(?:[/?#]|$))[^\s@"'<>]{0,256}@/g, `//${REDACTED}@`],
  // The same as a value in another URL.
  [/%2F%2F(?:(?!%2F|%3F|%23)[^\s/?#&"'<>])*(?:%40|@)/gi, `%2F%2F${REDACTED}%40`],
  // ?token=value
  [new RegExp(`(${SECRET_NAME})=(?!\\[redacted\\])[^&#\\s"'<>]+`, 'gi'), `$1=${REDACTED}`],
  // The same as a value in another URL.
  [new RegExp(`(${SECRET_NAME})%3D(?!\\[redacted\\])(?:(?!%26|%23)[^&#\\s"'<>])+`, 'gi'), `$1%3D${REDACTED}`],
];

/** Takes out what is secret by its place in a text: credentials in URLs, secret query values. */
export function redactPatterns(text: string): string {
  let result = text;
  for (const [pattern, replacement] of PATTERNS) result = result.replaceAll(pattern, replacement);
  return result;
}
