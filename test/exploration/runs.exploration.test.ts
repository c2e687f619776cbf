/** Repetitions of a call with one key under every order of their requests to the table, with crashes between any two. */

import { describe, expect, it } from 'vitest';
import type { RunStore } from '../../lambdas/own-actions/run-store.ts';
import { tries } from '../running/counts.ts';
import { exploreEach, exploreRandomly } from './explore.ts';
import { observeRuns, type RunsCase, type RunsSeen } from './runs-world.ts';
import type { Chooser } from './scheduler.ts';

const two: RunsCase = { repetitions: 2, crashes: 0, areLeasesTooShort: false, throwing: 0 };
const three: RunsCase = { ...two, repetitions: 3 };

type Invariant = (seen: RunsSeen, given: RunsCase) => boolean;

const invariants: Readonly<Record<string, Invariant>> = {
  'all answers are of one run': ({ answers }) => new Set(answers).size <= 1,
  'without a crash or an exception the handler begins once': ({ begun, crashed, thrown }, given) =>
    given.areLeasesTooShort || begun <= 1 + crashed + thrown,
  'no two handlers work at the same time': ({ atOnce }, given) => given.areLeasesTooShort || atOnce <= 1,
};

const explore = (given: RunsCase) => async (choose: Chooser) => {
  const seen = await observeRuns(choose, given);
  const broken = Object.entries(invariants).find(([, holds]) => !holds(seen, given));
  if (!broken) return;
  const order = seen.order.map((option) =>
    option.kind === 'crash' ? `${option.process} crashes` : `${option.process} ${option.label}`,
  );
  throw new Error(`Broken: ${broken[0]}, when ${order.join(', ')}`);
};

/** Three repetitions have more orders than a long run can try. */
const MOST = tries({ short: 600, long: 5_000 });

describe('in every order, or in many of them', () => {
  it.each([
    ['two repetitions', two],
    ['two repetitions of which any may die', { ...two, crashes: 2 }],
    ['two repetitions whose first handler throws', { ...two, throwing: 1 }],
    ['two repetitions that are slower than their leases', { ...two, areLeasesTooShort: true }],
    ['three repetitions of which two may die', { ...three, crashes: 2 }],
  ])('%s get the outcome of one run', async (_name, given) => {
    expect(await exploreEach(explore(given), 20261130, MOST)).toBeGreaterThan(20);
  });
});

describe('in thousands of random orders', () => {
  it('three repetitions that die, throw and are slow get the outcome of one run', async () => {
    const given = { ...three, crashes: 2, throwing: 1, areLeasesTooShort: true };

    await exploreRandomly(explore(given), tries({ short: 2_000, long: 10_000 }), 20261130);
  });
});

describe('the exploration finds', () => {
  const mutants: readonly [string, Partial<RunsCase>, (store: RunStore) => RunStore][] = [
    [
      'an attempt that begins beside one that runs',
      {},
      (store) => ({ ...store, begin: (run, times) => store.begin(run, { ...times, now: times.leaseUntil }) }),
    ],
    [
      'an outcome that is stored by an attempt that has lost its run',
      { areLeasesTooShort: true },
      (store) => ({ ...store, finish: async () => true }),
    ],
    [
      'an outcome that later attempts do not get',
      {},
      (store) => ({ ...store, finish: async (run) => store.giveUp(run).then(() => true) }),
    ],
  ];

  it.each(mutants)('%s', async (_name, changed, store) => {
    const found = exploreRandomly(explore({ ...three, ...changed, store }), 2_000, 20261130);

    await expect(found).rejects.toThrow(/^Broken:/);
  });
});
