/** Holds posts back by chance, so that those which are under way at the same time overtake each other (OR-3). */

import { setTimeout as after } from 'node:timers/promises';
import { randomFrom } from '../seeded-random.ts';

/** Settles when the post may go on. */
export type PostDelay = () => Promise<void> | undefined;

/** Long enough to be overtaken, short enough to be patient. Milliseconds. */
const LONGEST_MS = 20;

/** @param seed The same number makes the same delays; without one there are none. */
export function postDelay(seed: number | undefined): PostDelay {
  if (seed === undefined) return () => undefined;
  const random = randomFrom(seed);
  return () => after(Math.floor(random() * LONGEST_MS));
}
