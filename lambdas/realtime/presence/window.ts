/**
 * How long a channel gathers joins and leaves after it has told some: its window. The first change after a quiet time is told at
 * once; the changes within the window become one diff. The window grows with the audience, because a diff costs a post for each observer.
 */

/** The posts that presence of one channel may cause in a second, over time. */
const POSTS_PER_SECOND = 1_500;

/** In a small room people wait for each other, and posts are few. For each subscriber, milliseconds. */
const SMALL_ROOM_MS = 100;

/** The window of a room of 10 to 1,500. A crowd that comes at once is told in a few diffs. Milliseconds. */
const USUAL_MS = 1_000;

/** Shorter than `members` goes on to show a user who should have left (`presence-state.ts`). Milliseconds. */
export const LONGEST_WINDOW_MS = 30_000;

/** @param audience the number of subscribers. */
export function windowMs(audience: number): number {
  const small = Math.min(Math.max(1, audience) * SMALL_ROOM_MS, USUAL_MS);
  const wide = (audience / POSTS_PER_SECOND) * 1_000;
  return Math.ceil(Math.min(Math.max(small, wide), LONGEST_WINDOW_MS));
}
