/** All orders of a small case, one after the other, or many random ones of a large case. */

import { randomFrom } from '../../packages/local/src/seeded-random.ts';
import { tries } from '../running/counts.ts';
import type { Chooser } from './scheduler.ts';

/** Runs a case with the orders that a chooser picks; throws when an invariant is broken. */
export type Case = (choose: Chooser) => Promise<void>;

/** How many orders of a case that has more than this many the short run takes. */
const MOST = tries({ short: 600, long: Number.POSITIVE_INFINITY });

/**
 * Every order of a case in a long run. In the short run, every order of a case that has few, and random ones of a case that has more.
 *
 * @returns the number of orders
 */
export async function exploreEach(run: Case, seed: number): Promise<number> {
  const orders = await exploreAll(run, MOST);
  if (orders < MOST) return orders;
  await exploreRandomly(run, MOST, seed);
  return orders + MOST;
}

/** Depth first through all choices, up to a number of orders; answers how many there were. */
export async function exploreAll(run: Case, most = Number.POSITIVE_INFINITY): Promise<number> {
  const path: { index: number; count: number }[] = [];
  for (let orders = 1; ; orders++) {
    let depth = 0;
    await run((options) => {
      const choice = path[depth] ?? { index: 0, count: options.length };
      path[depth] = choice;
      depth += 1;
      return choice.index;
    });
    while (path.length > 0 && isLast(path.at(-1))) path.pop();
    const branch = path.at(-1);
    if (!branch || orders >= most) return orders;
    branch.index += 1;
  }
}

/** Runs the given number of orders. A seed always gives the same orders. */
export async function exploreRandomly(run: Case, orders: number, seed: number): Promise<void> {
  const random = randomFrom(seed);
  for (let order = 0; order < orders; order++) await run((options) => Math.floor(random() * options.length));
}

function isLast(choice: { index: number; count: number } | undefined): boolean {
  return choice !== undefined && choice.index === choice.count - 1;
}
