/** Edits and deletions under many orders of their port calls, with crashes between any two, and with time that passes in between. */

import { describe, expect, it } from 'vitest';
import { tries } from '../running/counts.ts';
import { check } from './edits-invariants.ts';
import { editMutants, lateMutants } from './edits-mutants.ts';
import { type Act, type EditMutant, HOUR, observe, type Process } from './edits-world.ts';
import { exploreAll, exploreRandomly, seldomCrashing } from './explore.ts';
import type { Chooser } from './scheduler.ts';

const edit = (place: number, data: string): Process => ({ does: 'edit', place, data });
const keyed = (place: number, data: string): Process => ({ does: 'edit', place, data, times: 2 });
const remove = (place: number): Process => ({ does: 'remove', place });
const publish = (data: string): Process => ({ does: 'publish', data });
const subscribe: Process = { does: 'subscribe' };
const read: Process = { does: 'read' };

interface Explored {
  readonly before: readonly (readonly string[])[];
  readonly acts: readonly Act[];
  readonly passingMs?: number;
}

const editors: Act = {
  one: edit(0, 'edit 1'),
  other: edit(0, 'edit 2'),
  writer: publish('new'),
  early: subscribe,
  late: read,
};

const deleters: Act = {
  editor: edit(0, 'edit 1'),
  deleter: remove(0),
  rival: { does: 'remove', place: 0, times: 2 },
  keyed: keyed(0, 'edit 2'),
  early: subscribe,
  late: read,
};

const neighbours: Act = {
  first: edit(0, 'edit 1'),
  second: edit(1, 'edit 2'),
  third: keyed(1, 'edit 3'),
  deleter: remove(0),
  early: subscribe,
  late: read,
};

const late: Explored = {
  before: [['old 1', 'old 2']],
  acts: [
    {},
    { one: edit(0, 'edit 1'), other: edit(1, 'edit 2') },
    { deleter: remove(0), early: subscribe, late: read },
  ],
  passingMs: 23 * HOUR,
};

const cases: Readonly<Record<string, Explored>> = {
  'two editors of one message': { before: [['old']], acts: [editors] },
  'editors and deleters of one message': { before: [['old']], acts: [deleters] },
  'editors and deleters of messages that were published together': {
    before: [['old 1', 'old 2']],
    acts: [neighbours],
  },
  'editors of an edited message, and a deleter': {
    before: [['old 1'], ['old 2']],
    acts: [{ before: edit(0, 'edit 1') }, { ...editors, one: edit(0, 'edit 3'), deleter: remove(1) }],
  },
  'readers and a deleter when the message has expired, and its edit has not': late,
};

const ORDERS = tries({ short: 150, long: 5_000 });

const ORDERS_OF_MISTAKES = 3_000;

const explore =
  ({ before, acts, passingMs = 0 }: Explored, mutant?: EditMutant) =>
  async (choose: Chooser) =>
    check(await observe(before, acts, { choose: seldomCrashing(choose), crashes: 2, mutant, passingMs }));

describe('in many random orders', () => {
  it.each(Object.entries(cases))('%s keep all promises', async (_name, explored) => {
    await exploreRandomly(explore(explored), ORDERS, 20261201);
  });
});

describe('in every order, or the first of them in a short run', () => {
  it.each<readonly [string, Act]>([
    ['an editor and a deleter', { editor: edit(0, 'edit 1'), deleter: remove(0) }],
    ['an editor and a subscriber', { editor: edit(0, 'edit 1'), subscriber: subscribe }],
  ])('%s, one of whom may die, keep all promises', async (_name, act) => {
    const run = async (choose: Chooser) => check(await observe([['old']], [act], { choose, crashes: 1 }));

    expect(await exploreAll(run, tries({ short: 400, long: 20_000 }))).toBeGreaterThan(100);
  });
});

describe('the exploration finds', () => {
  it.each(Object.entries(editMutants))('%s', async (_name, mutant) => {
    const everything = { before: [['old 1', 'old 2']], acts: [{ ...neighbours, other: edit(0, 'edit 4') }] };

    await expect(exploreRandomly(explore(everything, mutant), ORDERS_OF_MISTAKES, 1)).rejects.toThrow(
      'Broken:',
    );
  });

  it.each(Object.entries(lateMutants))('%s when a message has expired', async (_name, mutant) => {
    await expect(exploreRandomly(explore(late, mutant), ORDERS_OF_MISTAKES, 1)).rejects.toThrow('Broken:');
  });
});
