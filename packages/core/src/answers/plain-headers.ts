/** Headers as Node's modules give them, as one record: names in lower case, a repeated header joined by commas. */
export function plainHeaders(
  headers: Readonly<Record<string, string | readonly string[] | undefined>> = {},
): Record<string, string> {
  const plain: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) plain[name.toLowerCase()] = typeof value === 'string' ? value : value.join(', ');
  }
  return plain;
}
