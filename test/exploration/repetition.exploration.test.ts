/** Repeated keys and given-up numbers, under many orders of their port calls, with crashes between any two. */

import { describe, expect, it } from 'vitest';
import { MARKED_FROM } from '../../lambdas/realtime/log/repetition.ts';
import { tries } from '../running/counts.ts';
import { exploreRandomly, inOrder, seldomCrashing } from './explore.ts';
import { check } from './invariants.ts';
import {
  leftForEver,
  leftTooLate,
  type Mutant,
  markedBeforeItWasSent,
  mutants,
  neverSentOnceMore,
  voidsKeptSecret,
} from './mutants.ts';
import { observe, type Process } from './world.ts';

const publish = (data: string, key?: string, times = 1): Process => ({
  does: 'publish',
  messages: [{ data, ...(key !== undefined && { key }) }],
  client: 'me',
  times,
});

/** Two connections of one client repeat its key, and other messages come before and behind. */
const repeated: Readonly<Record<string, Process>> = {
  first: publish('a', 'k'),
  again: publish('a', 'k', 2),
  other: publish('b'),
  early: { does: 'subscribe' },
};

/** `first` may die after it has written and before it has posted. */
const retried: Readonly<Record<string, Process>> = {
  first: publish('a', 'k'),
  again: publish('a', 'k'),
  early: { does: 'join' },
};

/** Two messages come behind a number that was given up. */
const followed: Readonly<Record<string, Process>> = {
  again: publish('a', 'k', 2),
  one: publish('b'),
  two: publish('c'),
  early: { does: 'join' },
};

/** A reader may seal the number of a writer that is slow, which then takes another number. */
const overtaken: Readonly<Record<string, Process>> = {
  writer: { does: 'publish', messages: [{ data: 'a' }, { data: 'b' }], times: 1 },
  other: publish('c', 'k', 2),
  early: { does: 'join' },
  late: { does: 'subscribe' },
  reader: { does: 'read' },
};

interface Explored {
  readonly processes: Readonly<Record<string, Process>>;
  readonly crashes: number;
  readonly crowd?: number;
  readonly mutant?: Mutant;
}

const ORDERS = tries({ short: 1_500, long: 5_000 });

/** A batch that is marked before it was sent needs a death between two certain steps. */
const ORDERS_OF_MISTAKES = 10_000;

async function explore(
  { processes, crashes, crowd = 0, mutant }: Explored,
  orders = ORDERS,
  seed = 20261130,
): Promise<void> {
  await exploreRandomly(
    async (choose) =>
      check(await observe(processes, { choose: seldomCrashing(choose), crashes, mutant, crowd })),
    orders,
    seed,
  );
}

describe('in many random orders', () => {
  it('publishes that repeat a key keep all promises in a small channel, if one of them dies', async () => {
    await explore({ processes: repeated, crashes: 1 });
  });

  it('publishes that repeat a key keep all promises where sent batches are marked, if one of them dies', async () => {
    await explore({ processes: repeated, crashes: 1, crowd: MARKED_FROM });
  });

  it('publishes that repeat a key tell each number that they give up, if none of them dies', async () => {
    await explore({ processes: repeated, crashes: 0 });
  });

  it('writers whose numbers are sealed tell these numbers, if none of them dies', async () => {
    await explore({ processes: overtaken, crashes: 0 });
  });

  it('writers whose numbers are sealed keep all promises, if two of them die', async () => {
    await explore({ processes: overtaken, crashes: 2 });
  });
});

describe('the exploration finds', () => {
  it.each<readonly [mistake: string, broken: string, explored: Explored]>([
    [
      'a batch that is marked before it was sent',
      'gets every acknowledged message',
      { processes: retried, crashes: 1, crowd: MARKED_FROM, mutant: markedBeforeItWasSent },
    ],
    [
      'a batch without a mark that is never sent once more',
      'gets every acknowledged message',
      { processes: retried, crashes: 1, crowd: MARKED_FROM, mutant: neverSentOnceMore },
    ],
    [
      'a batch without a mark that is sent once more each time',
      'twice at most',
      { processes: repeated, crashes: 1, mutant: mutants.sentOnceMoreWithoutClaim },
    ],
    [
      'void numbers that are left behind the head',
      'is told of each number',
      { processes: repeated, crashes: 0, mutant: leftTooLate },
    ],
    [
      'void numbers that are not told',
      'is told of each number',
      { processes: overtaken, crashes: 0, mutant: voidsKeptSecret },
    ],
  ])('%s', async (_mistake, broken, explored) => {
    await expect(explore(explored, ORDERS_OF_MISTAKES, 1)).rejects.toThrow(broken);
  });

  /** The number of the repetition is left at the head, and two messages come behind it. */
  const behindALeftNumber = [
    ['early', 'head'],
    ['again', 'leave'],
    ['one', 'post'],
    ['two', 'post'],
  ] as const;

  it('void numbers that are told again for later ones', async () => {
    const run = (more: { mutant?: Mutant }) =>
      observe(followed, { choose: inOrder(behindALeftNumber), crashes: 0, ...more });

    check(await run({}));
    const mistaken = await run({ mutant: leftForEver });
    expect(() => check(mistaken)).toThrow('what was sent live');
  });
});
