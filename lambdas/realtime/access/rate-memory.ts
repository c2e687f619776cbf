/** What a container remembers of the rate of one connection, and what it allows from memory. */

/**
 * The share of the rate that a container allows from memory, and how much of it may be used at once: the fifteen commands with which
 * most clients begin. A flood uses it up in every container that it reaches, so it comes on top of the burst.
 */
export const SHARE = 0.05;
export const SHARE_AT_ONCE_MS = 300;

/** What a connection far ahead of the clock is charged for at once: at the limit, one write pays for ten commands. Milliseconds. */
export const ADVANCE_MS = 200;

export interface Memory {
  /** Until when the share is used up, in the container's slower time. Milliseconds since 1970. */
  shareUntil: number;
  /** The value of the item when it was last written. Milliseconds since 1970. */
  busyUntil: number;
  /** Charged in advance, and not used yet. Milliseconds. */
  advance: number;
  /** Until then the connection counts as stored. Milliseconds since 1970. */
  knownUntil: number;
  /** Until then it is not worth asking. Milliseconds since 1970. */
  limitedUntil: number;
  /**
   * The cost of a reply that was read and then refused. The client will repeat the command, and pays this before the reply is
   * read again. Milliseconds.
   */
  foreseen: number;
  /** The cost of posts that were made although the connection could not pay. It pays before its next command. Milliseconds. */
  owed: number;
}

export function newMemory(): Memory {
  return { shareUntil: 0, busyUntil: 0, advance: 0, knownUntil: 0, limitedUntil: 0, foreseen: 0, owed: 0 };
}

export function takesFromShare(memory: Memory, costMs: number, now: number): boolean {
  // At a share of the rate, a command takes longer by the inverse of the share.
  const after = Math.max(now, memory.shareUntil) + costMs / SHARE;
  if (after > now + SHARE_AT_ONCE_MS / SHARE) return false;
  memory.shareUntil = after;
  return true;
}

/** Whether the connection was refused a moment ago and continued at once. */
export function floods({ limitedUntil }: Memory, now: number): boolean {
  return now - limitedUntil < ADVANCE_MS;
}

/** The advance does not extend the burst: it expires at the moment at which the bucket would have become empty. */
export function advanceOf({ advance, busyUntil }: Memory, now: number): number {
  return Math.min(advance, Math.max(0, busyUntil - now));
}
