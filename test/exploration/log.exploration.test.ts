/** The log, subscribe and publish under every order of their port calls, with crashes between any two. */

import { describe, expect, it } from 'vitest';
import { shardFor } from '../../lambdas/realtime/connections/sharding.ts';
import { tries } from '../running/counts.ts';
import { type Case, exploreAll, exploreEach, exploreRandomly, inOrder, seldomCrashing } from './explore.ts';
import { check } from './invariants.ts';
import {
  beginsWithWhatIsKept,
  endsAnyNarrowing,
  type Mutant,
  marksAfterItLooked,
  mutants,
  narrowingMutants,
  neverSentOnceMore,
  oneShardForEver,
} from './mutants.ts';
import type { Chooser } from './scheduler.ts';
import { observe, type Past, type Process } from './world.ts';

interface Small {
  readonly processes: Readonly<Record<string, Process>>;
  readonly crashes: number;
  /** @default 'nothing', so that subscribers may come before the first message */
  readonly past?: Past;
  /** Two publishes that wait for each other have too many orders for a long run. */
  readonly most?: number;
  /** A publish may be answered `busy`, which its client repeats. @default false */
  readonly mayBeBusy?: boolean;
}

const BUSY = /was answered busy$/;

const publish = (...messages: { data: string; key?: string }[]): Process => ({
  does: 'publish',
  messages,
  times: 1,
});
/** A connection of an anonymous client, which publishes under a key of its own. */
const keyed = (client: string, data: string, times = 1): Process => ({
  does: 'publish',
  messages: [{ data, key: 'k' }],
  client,
  times,
});
const subscribe: Process = { does: 'subscribe' };
const join: Process = { does: 'join' };
const latest = (last: number): Process => ({ does: 'join', last });
const read: Process = { does: 'read' };

/** Small enough for every order there is. */
const small: Readonly<Record<string, Small>> = {
  'a writer and a subscriber, one of whom may die': {
    processes: { writer: publish({ data: 'a' }), subscriber: subscribe },
    crashes: 1,
  },
  'a writer and somebody who is new, one of whom may die': {
    processes: { writer: publish({ data: 'a' }), newcomer: join },
    crashes: 1,
  },
  'a writer in a used channel and a subscriber, one of whom may die': {
    processes: { writer: publish({ data: 'a' }), subscriber: subscribe },
    crashes: 1,
    past: 'a message',
  },
  'a writer in a channel whose messages have expired and a subscriber, one of whom may die': {
    processes: { writer: publish({ data: 'a' }), subscriber: subscribe },
    crashes: 1,
    past: 'a message that expired',
  },
  'a writer and a reader who asks for the newest messages, one of whom may die': {
    processes: { writer: publish({ data: 'a' }), newcomer: latest(9) },
    crashes: 1,
  },
  'a writer in a used channel and a reader who asks for the newest message, one of whom may die': {
    processes: { writer: publish({ data: 'a' }), newcomer: latest(1) },
    crashes: 1,
    past: 'a message',
  },
  'a writer in a channel whose messages have expired and a reader who asks for the newest ones, one of whom may die':
    {
      processes: { writer: publish({ data: 'a' }), newcomer: latest(9) },
      crashes: 1,
      past: 'a message that expired',
    },
  'a writer of a batch and a subscriber, one of whom may die': {
    processes: { writer: publish({ data: 'a' }, { data: 'b' }), subscriber: subscribe },
    crashes: 1,
  },
  'a writer and a reader, one of whom may die': {
    processes: { writer: publish({ data: 'a' }), reader: read },
    crashes: 1,
  },
  'two writers of one key, one of whom may die': {
    processes: { one: keyed('me', 'a'), other: keyed('me', 'a') },
    crashes: 1,
    most: tries({ short: 600, long: 5_000 }),
    // Each of them may take the number from the other, if that one is slower than 100 ms, again and again (decision 61).
    mayBeBusy: true,
  },
  'two writers who use the same key for themselves, one of whom may die': {
    processes: { one: keyed('me', 'a'), other: keyed('somebody else', 'b') },
    crashes: 1,
  },
  'two writers, one of whom may die': {
    processes: { one: publish({ data: 'a' }), other: publish({ data: 'b' }) },
    crashes: 1,
  },
};

/** Too large for that: many random orders. */
const large: Readonly<Record<string, Process>> = {
  one: publish({ data: 'a' }),
  two: publish({ data: 'b' }, { data: 'c' }),
  first: keyed('me', 'd'),
  again: keyed('me', 'd', 2),
  stranger: keyed('somebody else', 'e'),
  early: subscribe,
  late: join,
  newcomer: latest(2),
  reader: read,
};

/** Once there are two shards, `late` subscribes into the second one. */
const growing: Readonly<Record<string, Process>> = {
  one: publish({ data: 'a' }),
  two: publish({ data: 'b' }),
  grower: { does: 'grow' },
  early: subscribe,
  late: subscribe,
};

/** The channel begins with two shards, and `late` belongs into the second one. */
const narrowing: Readonly<Record<string, Process>> = {
  one: publish({ data: 'a' }),
  two: publish({ data: 'b' }),
  narrower: { does: 'narrow' },
  early: subscribe,
  late: subscribe,
};

/** The channel grows while two workers make it narrower. */
const narrowingAndGrowing: Readonly<Record<string, Process>> = {
  one: publish({ data: 'a' }),
  narrower: { does: 'narrow' },
  other: { does: 'narrow' },
  grower: { does: 'grow' },
  late: subscribe,
};

/** `first` may die after it has written and before it has posted. */
const repeated: Readonly<Record<string, Process>> = {
  first: keyed('me', 'a'),
  again: keyed('me', 'a', 2),
  early: subscribe,
};

/** Planted mistakes are found by order 23. */
const LARGE_ORDERS = tries({ short: 500, long: 5_000 });

/** Order 14 finds the publisher that uses an old number of shards. */
const GROWING_ORDERS = tries({ short: 1_000, long: 10_000 });

const NARROWING_ORDERS = tries({ short: 1_000, long: 5_000 });

/** Each mistake shows in one of about 1,000 orders. With these, the seed finds both. */
const NARROWING_ORDERS_FOR_MISTAKES = 5_000;

/** A message that is never sent once more is found by order 757. */
const REPEATED_ORDERS = tries({ short: 1_000, long: 4_000 });

const explore = (
  processes: Readonly<Record<string, Process>>,
  crashes: number,
  mutant?: Mutant,
  past?: Past,
  shards = 1,
) => {
  return async (choose: Chooser) =>
    check(await observe(processes, { choose, crashes, mutant, shards, ...(past && { past }) }));
};

describe('in every order, or many of them in a short run', () => {
  it.each(Object.entries(small))(
    '%s keep all promises',
    async (_name, { processes, crashes, past, most, mayBeBusy = false }) => {
      const run = async (choose: Chooser) => {
        const seen = await observe(processes, { choose, crashes, ...(past && { past }) });
        check(
          mayBeBusy ? { ...seen, failures: seen.failures.filter((failure) => !BUSY.test(failure)) } : seen,
        );
      };
      const orders = await exploreEach(run, 20261122, most);

      expect(orders).toBeGreaterThan(100);
    },
  );
});

describe('in many random orders', () => {
  it.each<readonly [past: Past, orders: number]>([
    ['nothing', LARGE_ORDERS],
    ['a message', tries({ short: 250, long: 1_000 })],
    ['a message that expired', tries({ short: 250, long: 1_000 })],
  ])('nine processes, two of whom may die, keep all promises after %s', async (past, orders) => {
    await exploreRandomly(explore(large, 2, undefined, past), orders, 20261122);
  });
});

describe('in thousands of random orders', () => {
  it('a writer and two readers keep all promises', async () => {
    const processes = { writer: publish({ data: 'a' }), one: read, other: read };

    await exploreRandomly(explore(processes, 1), tries({ short: 2_000, long: 20_000 }), 20261122);
  });
});

describe('while a key is repeated', () => {
  const exploreRepeated = (mutant?: Mutant): Case => {
    const run = explore(repeated, 1, mutant);
    return (choose) => run(seldomCrashing(choose));
  };

  it('three publishes of the key, one of whose processes may die, keep all promises', async () => {
    await exploreRandomly(exploreRepeated(), REPEATED_ORDERS, 20261130);
  });

  it('the exploration finds a message that is never sent once more', async () => {
    const run = exploreRepeated(neverSentOnceMore);

    await expect(exploreRandomly(run, REPEATED_ORDERS, 1)).rejects.toThrow('gets every acknowledged message');
  });

  it('the exploration finds a message that is sent once more each time', async () => {
    const run = exploreRepeated(mutants.sentOnceMoreWithoutClaim);

    await expect(exploreRandomly(run, REPEATED_ORDERS, 1)).rejects.toThrow('twice at most');
  });
});

describe('while a channel grows', () => {
  it('two writers and two subscribers keep all promises', async () => {
    expect([shardFor('early', 2), shardFor('late', 2)]).toEqual([0, 1]);

    await exploreRandomly(explore(growing, 1), GROWING_ORDERS, 20261122);
  });

  it('the exploration finds a publisher that uses an old number of shards', async () => {
    await expect(exploreRandomly(explore(growing, 1, oneShardForEver), GROWING_ORDERS, 1)).rejects.toThrow(
      'Broken:',
    );
  });
});

describe('while a channel becomes narrow again', () => {
  const explored = (processes: Readonly<Record<string, Process>>, mutant?: Mutant) =>
    explore(processes, 1, mutant, undefined, 2);

  it('two writers and two subscribers keep all promises', async () => {
    await exploreRandomly(explored(narrowing), NARROWING_ORDERS, 20261130);
  });

  it('a writer and a subscriber keep all promises while two workers narrow the channel and it grows', async () => {
    await exploreRandomly(explored(narrowingAndGrowing), NARROWING_ORDERS, 20261130);
  });

  it.each(Object.entries(narrowingMutants))('the exploration finds %s', async (_name, mutant) => {
    const run = explored(narrowing, mutant);

    await expect(exploreRandomly(run, NARROWING_ORDERS_FOR_MISTAKES, 1)).rejects.toThrow(
      'gets every acknowledged message',
    );
  });

  /** One worker finds the upper shard empty. The channel grows, `late` subscribes there, and the other worker marks again. */
  const markedAgain = [
    ['narrower', 'narrow'],
    ['narrower', 'spread'],
    ['narrower', 'subscribers'],
    ['grower', 'grow'],
    ['late', 'head'],
    ['other', 'narrow'],
    ['narrower', 'settle'],
  ] as const;

  it('a worker that was overtaken by growth and by another worker ends nothing', async () => {
    await explored(narrowingAndGrowing)(inOrder(markedAgain));
  });

  it('the same order finds endsAnyNarrowing', async () => {
    await expect(explored(narrowingAndGrowing, endsAnyNarrowing)(inOrder(markedAgain))).rejects.toThrow(
      'gets every acknowledged message',
    );
  });

  it('an order finds marksAfterItLooked', async () => {
    const order = inOrder([
      ['narrower', 'subscribers'],
      ['late', 'head'],
      ['narrower', 'settle'],
    ]);

    await expect(explored(narrowing, marksAfterItLooked)(order)).rejects.toThrow(
      'gets every acknowledged message',
    );
  });
});

describe('the exploration finds', () => {
  it.each(Object.entries(mutants))('%s', async (_name, mutant) => {
    await expect(exploreRandomly(explore(large, 2, mutant), LARGE_ORDERS, 1)).rejects.toThrow('Broken:');
  });

  it('a reader from 0 that takes the kept messages for all messages', async () => {
    const past = 'a message that expired';

    await expect(
      exploreRandomly(explore(large, 2, beginsWithWhatIsKept, past), LARGE_ORDERS, 1),
    ).rejects.toThrow('Broken: a reply is recovered unless');
  });
});

describe('before the first message, the exploration finds', () => {
  const { subscribedAfterTheHeadWasRead, subscribersReadBeforeTheHeadWasRaised } = mutants;

  it.each(Object.entries({ subscribedAfterTheHeadWasRead, subscribersReadBeforeTheHeadWasRaised }))(
    '%s with one writer and one newcomer',
    async (_name, mutant) => {
      const processes = { writer: publish({ data: 'a' }), newcomer: join };

      await expect(exploreAll(explore(processes, 1, mutant))).rejects.toThrow('Broken: a subscriber gets');
    },
  );
});
