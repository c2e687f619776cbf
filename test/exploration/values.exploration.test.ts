/** Values under many orders of their port calls, with crashes between any two, and with time that passes in between. */

import { describe, expect, it } from 'vitest';
import { tries } from '../running/counts.ts';
import { exploreAll, exploreRandomly, seldomCrashing } from './explore.ts';
import type { Chooser } from './scheduler.ts';
import { check } from './values-invariants.ts';
import { lateMutants, valueMutants } from './values-mutants.ts';
import { type Act, type Draft, HOUR, observe, type Process, type ValueMutant } from './values-world.ts';

const publish = (...messages: Draft[]): Process => ({ does: 'publish', messages });
const set = (name: string, data: string): Process => publish({ name, data });
const remove = (name: string): Process => publish({ name, remove: true });
const claim = (name: string, data: string): Process => publish({ name, data, ifSeq: 0 });
/** Reads the value, and sets it if it is still the same. */
const update = (name: string, data: string): Process => publish({ name, data, ifSeq: 'read' });
const keyed = (name: string, data: string): Process => ({
  does: 'publish',
  messages: [{ name, data: `keyed ${data}`, key: data }],
  times: 2,
});
const subscribe: Process = { does: 'subscribe' };
const page: Process = { does: 'page' };
const read: Process = { does: 'read' };

const first: Act = { one: set('a', 'old'), other: set('b', 'old'), third: set('c', 'old') };

const writers: Act = {
  plain: set('a', '1'),
  claimer: claim('a', '2'),
  rival: claim('a', '3'),
  early: subscribe,
  late: page,
};

const changers: Act = {
  updater: update('a', '1'),
  rival: update('a', '2'),
  plain: set('a', '3'),
  remover: remove('a'),
  early: subscribe,
};

const batches: Act = {
  batch: publish({ name: 'a', data: '1' }, { name: 'b', data: '2' }),
  claims: publish({ name: 'b', data: '3', ifSeq: 0 }, { name: 'a', data: '4' }),
  keyed: keyed('a', '5'),
  reader: read,
  early: page,
  late: subscribe,
};

interface Explored {
  readonly acts: readonly Act[];
  readonly passingMs?: number;
}

const cases: Readonly<Record<string, Explored>> = {
  'writers and claimers of one name, two of whom may die': { acts: [writers] },
  'updaters, a remover and a subscriber after a value': { acts: [first, changers] },
  'the same after ten minutes': { acts: [first, changers], passingMs: HOUR / 6 },
  'the same when the log has forgotten the value': { acts: [first, changers], passingMs: 30 * HOUR },
  'the same when the value has expired, and its row is deleted meanwhile': {
    acts: [first, { ...changers, ttl: { does: 'expire', name: 'a' }, claimer: claim('a', '4') }],
    passingMs: 50 * HOUR,
  },
  'batches with names and keys': { acts: [batches] },
  'subscribers when the log has forgotten what writers and removers left': {
    acts: [changers, { early: subscribe, late: page }],
    passingMs: 30 * HOUR,
  },
};

const ORDERS = tries({ short: 400, long: 5_000 });

const ORDERS_OF_MISTAKES = 5_000;

const explore =
  ({ acts, passingMs = 0 }: Explored, mutant?: ValueMutant) =>
  async (choose: Chooser) =>
    check(await observe(acts, { choose: seldomCrashing(choose), crashes: 2, mutant, passingMs }));

describe('in many random orders', () => {
  it.each(Object.entries(cases))('%s keep all promises', async (_name, explored) => {
    await exploreRandomly(explore(explored), ORDERS, 20261201);
  });
});

describe('in every order, or the first of them in a short run', () => {
  it.each<readonly [string, Act]>([
    ['a writer and a subscriber', { writer: set('a', '1'), subscriber: subscribe }],
    ['two claimers', { one: claim('a', '1'), other: claim('a', '2') }],
  ])('%s, one of whom may die, keep all promises', async (_name, act) => {
    const run = async (choose: Chooser) => check(await observe([act], { choose, crashes: 1 }));

    expect(await exploreAll(run, tries({ short: 600, long: 20_000 }))).toBeGreaterThan(100);
  });
});

describe('the exploration finds', () => {
  it.each(Object.entries(valueMutants))('%s', async (_name, mutant) => {
    const everything = { acts: [{ ...writers, updater: update('a', '4'), reader: read }] };

    await expect(exploreRandomly(explore(everything, mutant), ORDERS_OF_MISTAKES, 1)).rejects.toThrow(
      'Broken:',
    );
  });

  it.each(Object.entries(lateMutants))('%s when the log has forgotten', async (_name, mutant) => {
    const acts = [
      { ...changers, more: set('b', '4') },
      { early: subscribe, late: page },
    ];

    await expect(
      exploreRandomly(explore({ acts, passingMs: 30 * HOUR }, mutant), ORDERS_OF_MISTAKES, 1),
    ).rejects.toThrow('Broken:');
  });
});
