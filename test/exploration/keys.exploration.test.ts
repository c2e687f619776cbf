/** Publishes that share retry keys, and batches stored as one item, under many orders of their port calls, with crashes between any two. */

import { describe, expect, it } from 'vitest';
import { tries } from '../running/counts.ts';
import { exploreAll, exploreRandomly, seldomCrashing } from './explore.ts';
import { check } from './invariants.ts';
import { batchMutants, keyMutants } from './log-mutants.ts';
import type { Mutant } from './mutants.ts';
import { observe, type Past, type Process } from './world.ts';

type Processes = Readonly<Record<string, Process>>;

/** Publishes messages of one client, each with the key of its data. */
const publish = (data: string, times = 1): Process => ({
  does: 'publish',
  messages: [...data].map((each) => ({ data: each, key: each })),
  client: 'me',
  times,
});

const withoutKeys = (data: string): Process => ({
  does: 'publish',
  messages: [...data].map((each) => ({ data: each })),
  times: 1,
});

const read: Process = { does: 'read' };
const look = (limit: number, skipping?: number): Process => ({
  does: 'look',
  limit,
  ...(skipping !== undefined && { skipping }),
});

/** Two connections of one client repeat a message at once, and a reader seals what is late. */
const shared: Processes = { one: publish('a', 2), other: publish('a'), third: publish('a'), reader: read };

/** The same batch, a part of it, and a batch that overlaps it, at once. */
const overlapping: Processes = {
  batch: publish('ab', 2),
  again: publish('ab'),
  part: publish('b'),
  overlap: publish('bc'),
  early: { does: 'join' },
  reader: read,
};

/** Readers that begin before, inside of and behind a batch, and that read backwards. */
const readFromWithin: Processes = {
  writer: withoutKeys('abc'),
  other: withoutKeys('d'),
  within: look(9, 1),
  behind: look(9, 2),
  newest: look(1),
  newestTwo: look(2),
  early: { does: 'subscribe' },
};

const cases: Readonly<Record<string, readonly [Processes, crashes: number, past?: Past]>> = {
  'publishes of one key, two of whose processes may die': [shared, 2],
  'batches with keys in common, two of whose processes may die': [overlapping, 2],
  'batches with keys in common after a message': [overlapping, 1, 'a message'],
  'readers that begin inside of a batch, one of whose processes may die': [readFromWithin, 1],
  'readers that begin inside of a batch, after a message that expired': [
    { writer: withoutKeys('abc'), other: withoutKeys('d'), newest: look(1), two: look(2), reader: read },
    1,
    'a message that expired',
  ],
};

const ORDERS = tries({ short: 600, long: 5_000 });

/** With this seed, each mistake is found by order 405. */
const ORDERS_OF_MISTAKES = 5_000;

const caseOf =
  ([processes, crashes, past]: readonly [Processes, number, Past?], mutant?: Mutant) =>
  async (choose: Parameters<typeof seldomCrashing>[0]) =>
    check(
      await observe(processes, {
        choose: seldomCrashing(choose),
        crashes,
        mutant,
        ...(past && { past }),
      }),
    );

describe('in many random orders', () => {
  it.each(Object.entries(cases))('%s keep all promises', async (_name, explored) => {
    await exploreRandomly(caseOf(explored), ORDERS, 20261130);
  });
});

describe('in every order, or the first of them in a short run', () => {
  it('a writer of a batch and a reader that begins inside of it, one of whom may die, keep all promises', async () => {
    const processes = { writer: withoutKeys('ab'), within: look(9, 1) };
    const run = async (choose: Parameters<typeof seldomCrashing>[0]) =>
      check(await observe(processes, { choose, crashes: 1 }));

    expect(await exploreAll(run, tries({ short: 600, long: Number.POSITIVE_INFINITY }))).toBeGreaterThan(100);
  });
});

describe('the exploration finds', () => {
  it.each(Object.entries(keyMutants))('the mistake with keys %s', async (_name, mutant) => {
    await expect(exploreRandomly(caseOf([shared, 1], mutant), ORDERS_OF_MISTAKES, 1)).rejects.toThrow(
      'Broken:',
    );
  });

  it.each(Object.entries(batchMutants))('the mistake with batches %s', async (_name, mutant) => {
    await expect(exploreRandomly(caseOf([readFromWithin, 1], mutant), ORDERS_OF_MISTAKES, 1)).rejects.toThrow(
      'Broken:',
    );
  });
});
