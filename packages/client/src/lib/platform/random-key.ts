/** Keys that make a repeated publish land once. */

/** A random name that nobody else has. Not `randomUUID`, which is missing on pages that are not served by HTTPS. */
export function newKey(): string {
  return crypto.getRandomValues(new Uint32Array(4)).join('-');
}
