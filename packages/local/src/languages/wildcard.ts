/** The wildcards of policies. */

/** `*` is any text, slashes and colons included, and `?` is one character. */
export function wildcard(pattern: string, flags = ''): RegExp {
  const source = pattern
    .replaceAll(/[\\^$.|+()[\]{}]/g, '\\$&')
    .replaceAll(/\*+/g, '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, `s${flags}`);
}
