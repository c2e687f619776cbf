/** Ids of connections and requests, in the form that AWS gives them (EV-7). */

import { randomFillSync } from 'node:crypto';

const ID_BYTES = 11;

/** Random bytes are made for 256 ids at once, because a call for each id would take longer than the rest of a message. */
const store = Buffer.alloc(256 * ID_BYTES);
let used = store.length;

/** 16 characters of URL-safe base64 of which the last is `=`, so that missing percent-encoding shows (EV-7). */
export function newConnectionId(): string {
  return newId();
}

export function newRequestId(): string {
  return newId();
}

function newId(): string {
  if (used === store.length) {
    randomFillSync(store);
    used = 0;
  }
  const id = store.toString('base64url', used, used + ID_BYTES);
  used += ID_BYTES;
  return `${id}=`;
}
