/** All orders of a small case, one after the other, or many random ones of a large case. */

import { randomFrom } from '../../packages/local/src/seeded-random.ts';
import type { Chooser } from './scheduler.ts';

/** Runs a case with the orders that a chooser picks; throws when an invariant is broken. */
export type Case = (choose: Chooser) => Promise<void>;

/** Depth first through all choices; answers how many orders there were. */
export async function exploreAll(run: Case): Promise<number> {
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
    if (!branch) return orders;
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
