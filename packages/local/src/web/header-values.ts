/** Headers by lower-case names. The values of a repeated header are joined by commas, as in signatures and events. */

/** One header. Values of other headers are not read. */
export function headerValue(rawHeaders: readonly string[], name: string): string | undefined {
  let joined: string | undefined;
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const sent = rawHeaders[at] ?? '';
    if (sent.length !== name.length || sent.toLowerCase() !== name) continue;
    const value = rawHeaders[at + 1] ?? '';
    joined = joined === undefined ? value : `${joined},${value}`;
  }
  return joined;
}

/** All headers. */
export function headerValues(rawHeaders: readonly string[]): Record<string, string> {
  const names = new Set(rawHeaders.filter((_, at) => at % 2 === 0).map((name) => name.toLowerCase()));
  return Object.fromEntries([...names].map((name) => [name, headerValue(rawHeaders, name) ?? '']));
}
