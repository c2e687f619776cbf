/** Holds posts back by chance, so that those which are under way at the same time overtake each other (OR-3). */

import { setTimeout as after } from 'node:timers/promises';

/** Settles when the post may go on. */
export type PostDelay = () => Promise<void> | undefined;

/** Long enough to be overtaken, short enough to be patient. Milliseconds. */
const LONGEST_MS = 20;

/** @param seed The same number makes the same delays; without one there are none. */
export function postDelay(seed: number | undefined): PostDelay {
  if (seed === undefined) return () => undefined;
  const random = seeded(seed);
  return () => after(Math.floor(random() * LONGEST_MS));
}

/** Mulberry32: small, and good enough to shuffle (github.com/bryc/code, PRNGs). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
