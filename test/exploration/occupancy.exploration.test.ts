/** The events of a channel for every order of joins, leaves and workers, with crashes between any two steps. */

import { describe, expect, it } from 'vitest';
import { tries } from '../running/counts.ts';
import { exploreEach, exploreRandomly } from './explore.ts';
import { occupancyMutants } from './occupancy-mutants.ts';
import { type Move, type Observations, observe, type Settle } from './occupancy-world.ts';
import type { Chooser } from './scheduler.ts';

type Guests = Readonly<Record<string, readonly Move[]>>;

const small: Readonly<Record<string, readonly [guests: Guests, crashes: number]>> = {
  'a guest who comes, and a worker who dies': [{ ann: ['comes'] }, 1],
  'a guest who comes and leaves': [{ ann: ['comes', 'leaves'] }, 0],
  'two guests who come': [{ ann: ['comes'], bob: ['comes'] }, 0],
};

/** Too large for every order. */
const large: Readonly<Record<string, Guests>> = {
  'two guests who come and go': { ann: ['comes', 'leaves', 'comes', 'leaves'], bob: ['comes', 'leaves'] },
  'two guests of whom one stays': { ann: ['comes', 'leaves', 'comes'], bob: ['comes', 'leaves'] },
};

/** Every event that was sent, once, in the order of versions. */
function story({ told }: Observations) {
  const distinct = new Map(told.map((event) => [event.id, event]));
  return [...distinct.values()].toSorted((one, other) => one.time - other.time);
}

const invariants: Readonly<Record<string, (observed: Observations) => boolean>> = {
  'every worker comes to an end': ({ failures }) => failures.length === 0,
  'what is stored in the end is the truth, and was told': ({ isOccupied, stored }) =>
    (stored?.occupied ?? false) === isOccupied && stored?.told === stored?.version,
  'what was told alternates, and begins with occupied': (observed) =>
    story(observed).every(
      ({ type }, index) => type === (index % 2 === 0 ? 'channel occupied' : 'channel vacated'),
    ),
  'what was told last is the truth': (observed) =>
    (story(observed).at(-1)?.type === 'channel occupied') === observed.isOccupied,
  'nothing is told that was not so': (observed) => story(observed).length <= observed.turns,
  'each is told for the first time in the order of versions': ({ told }) => {
    const first = told.filter(({ id }, index) => told.findIndex((event) => event.id === id) === index);
    return first.every(({ time }, index) => time > (first[index - 1]?.time ?? 0));
  },
};

/** `truthNotReadAgain` is found by order 1,067. */
const ORDERS = tries({ short: 2_000, long: 10_000 });

const explore =
  (guests: Guests, crashes: number, settle?: Settle) =>
  async (choose: Chooser): Promise<void> => {
    const observed = await observe(guests, { choose, crashes, ...(settle && { settle }) });
    const broken = Object.entries(invariants).find(([, holds]) => !holds(observed));
    if (!broken) return;
    const order = observed.order.map((option) =>
      option.kind === 'crash' ? `${option.process} dies` : `${option.process} ${option.label}`,
    );
    throw new Error(`Broken: ${broken[0]}, when ${order.join(', ')}`);
  };

describe('in every order, or many of them in a short run', () => {
  it.each(Object.entries(small))('%s end with a true event', async (_name, [guests, crashes]) => {
    expect(await exploreEach(explore(guests, crashes), 20261122)).toBeGreaterThan(5);
  });
});

describe('in thousands of random orders', () => {
  it.each(Object.entries(large))(
    '%s end with a true event, also if any worker dies',
    async (_name, guests) => {
      await exploreRandomly(explore(guests, 2), ORDERS, 20261122);
    },
  );
});

describe('the exploration finds', () => {
  it.each(Object.entries(occupancyMutants))('%s', async (_name, settle) => {
    const guests: Guests = { ann: ['comes', 'leaves', 'comes', 'leaves'], bob: ['comes', 'leaves'] };

    await expect(exploreRandomly(explore(guests, 2, settle), ORDERS, 20261122)).rejects.toThrow(/^Broken: /);
  });
});
