/** Ids of connections and requests, in the form that AWS gives them (EV-7). */

import { randomBytes } from 'node:crypto';

/** 16 characters of URL-safe base64 of which the last is `=`, so that missing percent-encoding shows (EV-7). */
export function newConnectionId(): string {
  return urlSafe(randomBytes(11));
}

export function newRequestId(): string {
  return urlSafe(randomBytes(11));
}

function urlSafe(bytes: Buffer): string {
  return bytes.toString('base64').replaceAll('+', '-').replaceAll('/', '_');
}
