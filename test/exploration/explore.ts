/** All orders of a small case, one after the other, or many random ones of a large case. */

import { randomFrom } from '../../packages/local/src/seeded-random.ts';
import { tries } from '../running/counts.ts';
import type { Chooser } from './scheduler.ts';

/** Runs a case with the orders that a chooser picks; throws when an invariant is broken. */
export type Case = (choose: Chooser) => Promise<void>;

/**
 * One order: each process of the list in turn takes its steps up to and with the one of this label, or crashes at once with the
 * label `crashes`. Then everything that is left is done, first come, first served.
 */
export function inOrder(turns: readonly (readonly [process: string, label: string])[]): Chooser {
  const left = [...turns];
  return (options) => {
    const [turn] = left;
    if (!turn) return 0;
    const [process, label] = turn;
    if (label === 'crashes') {
      left.shift();
      return options.findIndex((option) => option.kind === 'crash' && option.process === process);
    }
    const index = options.findIndex((option) => option.kind === 'step' && option.process === process);
    const option = options[index];
    if (option?.kind !== 'step') throw new Error(`${process} has no step before "${label}"`);
    if (option.label === label) left.shift();
    return index;
  };
}

/** How many orders of a case that has more than this many the short run takes. */
const MOST = tries({ short: 600, long: Number.POSITIVE_INFINITY });

/**
 * Every order of a case in a long run. In the short run, every order of a case that has few, and random ones of a case that has more.
 *
 * @param most for a case of which no run takes every order.
 * @returns the number of orders
 */
export async function exploreEach(run: Case, seed: number, most = MOST): Promise<number> {
  const orders = await exploreAll(run, most);
  if (orders < most) return orders;
  await exploreRandomly(run, most, seed);
  return orders + most;
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

/** A crash is drawn again up to three times, so that processes make progress before one of them dies. */
export function seldomCrashing(choose: Chooser): Chooser {
  return (options) => {
    let index = choose(options);
    for (let draws = 0; draws < 3 && options[index]?.kind === 'crash'; draws++) index = choose(options);
    return index;
  };
}
