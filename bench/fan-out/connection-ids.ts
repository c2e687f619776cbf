/** Connections that exist by number: both sides of a benchmark know them without telling each other. */

import { createHash } from 'node:crypto';

/** Like the platform's: eleven bytes in base64, so that it ends in `=`. */
export function connectionIdOf(number: number): string {
  return `${createHash('sha256').update(String(number)).digest('base64url').slice(0, 15)}=`;
}

export interface Recipient {
  readonly connectionId: string;
  readonly expiresAt: number;
}

/** One whose token outlives the benchmark. */
export function recipientOf(connectionId: string): Recipient {
  return { connectionId, expiresAt: Number.MAX_SAFE_INTEGER };
}

/** The recipients with the numbers from `first` on. */
export function recipients(count: number, first = 0): readonly Recipient[] {
  return Array.from({ length: count }, (_, index) => recipientOf(connectionIdOf(first + index)));
}

/** True for this share of all connections. It is always true for the same connections. */
export function isAmong(share: number, connectionId: string): boolean {
  return createHash('sha256').update(`gone ${connectionId}`).digest().readUInt32BE() < share * 2 ** 32;
}
