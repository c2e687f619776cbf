/** Random names: keys that make a repeated publish land once, and names of clients and HTTP sessions. */

/** 128 random bits as text. Not `randomUUID`: browsers have it on HTTPS pages only. */
export function newKey(): string {
  return crypto.getRandomValues(new Uint32Array(4)).join('-');
}
