/** Delays posts at random, so that concurrent posts overtake each other (OR-3). */

import { setTimeout as after } from 'node:timers/promises';
import { randomFrom } from '../seeded-random.ts';

/** Settles when the post may go on. */
export type PostDelay = () => Promise<void> | undefined;

/** The longest delay. Milliseconds. */
const LONGEST_MS = 20;

/** @param seed The same seed makes the same delays. Without a seed, posts are not delayed. */
export function postDelay(seed: number | undefined): PostDelay {
  if (seed === undefined) return () => undefined;
  const random = randomFrom(seed);
  return () => after(Math.floor(random() * LONGEST_MS));
}
