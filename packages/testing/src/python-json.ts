/** As Python's `json.dumps` writes it: a space after `:` and `,`, and all that is not ASCII escaped. */
export function pythonJson(value: Record<string, unknown>): string {
  const body = Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}: ${JSON.stringify(item)}`);
  return `{${body.join(', ')}}`.replace(
    /[\u0080-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
