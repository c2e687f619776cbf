/** Repeats requests that AWS refuses for the moment, after doubling random pauses. */

import { setTimeout as sleep } from 'node:timers/promises';

/** Six tries with doubling pauses take about 1.5 s. */
const TRIES = 6;
const FIRST_PAUSE_MS = 25;

/**
 * Repeats an attempt until it returns something.
 *
 * @returns `undefined` when the last of six attempts returned nothing either.
 * @throws what an attempt throws, at once.
 */
export async function retry<Result>(attempt: () => Promise<Result | undefined>): Promise<Result | undefined> {
  for (let tries = 0; tries < TRIES; tries++) {
    if (tries > 0) await sleep(FIRST_PAUSE_MS * 2 ** tries * Math.random());
    const result = await attempt();
    if (result !== undefined) return result;
  }
  return undefined;
}
