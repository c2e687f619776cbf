/** Random names: keys that make a repeated publish land once, and names of clients and HTTP sessions. */

/**
 * 128 random bits as text. Not `randomUUID`: browsers have it on HTTPS pages only.
 *
 * React Native has no `crypto` without a polyfill. The bits of `Math.random` are as rarely equal, but an attacker who knows some of
 * them can compute the next ones. The client shows them to its server only.
 */
export function newKey(): string {
  const bits = new Uint32Array(4);
  return (globalThis.crypto?.getRandomValues(bits) ?? bits.map(() => Math.random() * 4e9)).join('-');
}
