/** Packed delivery, in many orders of publishers, workers and subscribers, with crashes between any two steps. */

import { describe, expect, it } from 'vitest';
import { tries } from '../running/counts.ts';
import { exploreEach, exploreRandomly } from './explore.ts';
import { observePacked, type PackedCase, type PackedPorts, type PackedSeen } from './packed-world.ts';
import type { Chooser } from './scheduler.ts';

const SEED = 20261130;

const one = [{ data: 'a' }];
const two = [{ data: 'b' }, { data: 'c' }];
const keyed = [{ data: 'd', key: 'k' }];

const small: PackedCase = { publishers: [one, [{ data: 'b' }]], joining: 1, crashes: 1 };
const large: PackedCase = { publishers: [one, two, keyed, keyed], joining: 2, leaving: 1, crashes: 3 };

type Invariant = (seen: PackedSeen, given: PackedCase) => boolean;

const invariants: Readonly<Record<string, Invariant>> = {
  'no publisher fails': ({ failures }) => failures.length === 0,
  'an acknowledged message stands at its number': ({ acknowledged, final }) =>
    acknowledged.every(({ seq, data }) => final.get(seq) === data),
  'a key lands once': ({ final }) => [...final.values()].filter((data) => data === 'd').length <= 1,
  'each subscriber gets every message behind its head, also those whose publisher died': ({
    final,
    subscribers,
  }) =>
    subscribers.every(({ head, arrivals }) =>
      [...final].every(
        ([seq, data]) =>
          data === 'void' ||
          seq <= head ||
          arrivals.some((arrival) => arrival.seq === seq && arrival.data === data),
      ),
    ),
  'what arrives is what stands in the log': ({ final, subscribers }) =>
    subscribers.every(({ arrivals }) => arrivals.every(({ seq, data }) => final.get(seq) === data)),
  'in a channel of one shard, what is new to a subscriber arrives in order and without gaps': (
    { subscribers },
    { shards },
  ) => shards === 2 || subscribers.every((subscriber) => isGapless(subscriber)),
  'without a crash, and unless a turn was taken from a slow worker, a message arrives once': (
    { order, subscribers },
    { isImpatient },
  ) =>
    isImpatient === true ||
    order.some(({ kind }) => kind === 'crash') ||
    subscribers.every(({ arrivals }) => new Set(arrivals.map(({ seq }) => seq)).size === arrivals.length),
};

/** Each number that is above all before it is the next one. The first one is at most the next one after the head. */
function isGapless({ head, arrivals }: PackedSeen['subscribers'][number]): boolean {
  let last: number | undefined = head === 0 ? undefined : head;
  for (const { seq } of arrivals) {
    if (last !== undefined && seq > last + 1) return false;
    last = Math.max(last ?? seq, seq);
  }
  return true;
}

const explore = (given: PackedCase) => async (choose: Chooser) => {
  const seen = await observePacked(choose, given);
  const broken = Object.entries(invariants).find(([, holds]) => !holds(seen, given));
  if (!broken) return;
  const order = seen.order.map((option) =>
    option.kind === 'crash' ? `${option.process} crashes` : `${option.process} ${option.label}`,
  );
  throw new Error(`Broken: ${broken[0]}, when ${order.join(', ')}. ${seen.failures.join()}`);
};

const MOST = tries({ short: 400, long: 20_000 });
const ORDERS = tries({ short: 600, long: 20_000 });

describe('in every order, or many of them', () => {
  it.each<readonly [name: string, given: PackedCase]>([
    ['a publisher, of which and of whose workers one may die', { publishers: [one], joining: 1, crashes: 1 }],
    ['two publishers, of which and of whose workers one may die', small],
    ['a publisher of a batch', { publishers: [two], joining: 1, crashes: 1 }],
  ])('%s: every message reaches each subscriber, in order', async (_name, given) => {
    expect(await exploreEach(explore(given), SEED, MOST)).toBeGreaterThan(20);
  });
});

describe('in many random orders, with up to three crashes, every message reaches each subscriber', () => {
  it.each<readonly [name: string, given: PackedCase]>([
    ['while four publish, two join and one leaves', large],
    ['while two batches of the stream run at the same time', { ...large, lanes: 2 }],
    ['while workers take the turns of others that are only slow', { ...large, lanes: 2, isImpatient: true }],
    ['in a channel of two shards', { ...large, shards: 2 }],
  ])('%s', async (_name, given) => {
    await exploreRandomly(explore(given), ORDERS, SEED);
  });
});

describe('the exploration finds', () => {
  type Mutant = (ports: PackedPorts) => PackedPorts;

  const withTurns = (change: (turns: PackedPorts['turns']) => Partial<PackedPorts['turns']>): Mutant => {
    return (ports) => ({ ...ports, turns: { ...ports.turns, ...change(ports.turns) } });
  };

  const skipsHoles: Mutant = (ports) => ({
    ...ports,
    channelLog: { ...ports.channelLog, seal: async (_channel, sealed) => [sealed] },
  });

  const movesBeforeItPosts = withTurns((turns) => ({
    async take(channel, turn, now) {
      const head = await turns.take(channel, turn, now);
      if (head) await turns.finish(channel, turn.worker, head.seq);
      return head;
    },
    finish: async () => {},
  }));

  const readsSubscribersFirst: Mutant = (ports) => {
    let early: ReturnType<typeof ports.subscriptions.page> | undefined;
    return {
      ...ports,
      turns: {
        ...ports.turns,
        async take(channel, turn, now) {
          early = ports.subscriptions.page({ channel, shard: 0 });
          await early;
          return ports.turns.take(channel, turn, now);
        },
      },
      subscriptions: {
        ...ports.subscriptions,
        page: (...args) => early ?? ports.subscriptions.page(...args),
      },
    };
  };

  const takesTheTurnOfAnother = withTurns((turns) => ({
    take: (channel, turn) => turns.take(channel, turn, Number.MAX_SAFE_INTEGER),
  }));

  const leavesItToTheOther = withTurns((turns) => ({
    async take(channel, turn, now) {
      const head = await turns.take(channel, turn, now);
      // Pretends that everything is delivered.
      return head ?? { seq: 0, createdAt: 0, shardCount: 1 };
    },
  }));

  const deliversOnlyTheNewest = withTurns((turns) => ({
    async take(channel, turn, now) {
      const head = await turns.take(channel, turn, now);
      return head && { ...head, delivered: head.seq - 1 };
    },
  }));

  const movesToTheHeadOfTheEnd = withTurns((turns) => ({
    async finish(channel, worker) {
      const head = await turns.look(channel);
      await turns.finish(channel, worker, head?.seq ?? 0);
    },
  }));

  it.each<readonly [name: string, changed: Partial<PackedCase>, broken: RegExp]>([
    ['a worker that passes over numbers that are missing', { mutant: skipsHoles }, /every message/],
    ['a worker that moves `delivered` before it posts', { mutant: movesBeforeItPosts }, /every message/],
    [
      'a worker that reads the subscribers before the head',
      { ...small, crashes: 0, mutant: readsSubscribersFirst },
      /every message/,
    ],
    [
      'two workers of a channel at once',
      { ...small, crashes: 0, mutant: takesTheTurnOfAnother, lanes: 2 },
      /arrives once/,
    ],
    [
      'a worker that leaves its messages to the one whose turn it is',
      { mutant: leavesItToTheOther, lanes: 2 },
      /every message/,
    ],
    ['a worker that delivers only the newest message', { mutant: deliversOnlyTheNewest }, /every message/],
    [
      'a worker that moves `delivered` to the head as it is in the end',
      { mutant: movesToTheHeadOfTheEnd },
      /every message/,
    ],
    ['a publisher that starts the worker itself', { publishersWake: true }, /every message/],
    ['a subscriber that reads the head before it subscribes', { subscribesLate: true }, /every message/],
  ])('%s', async (_name, changed, broken) => {
    const found = exploreRandomly(explore({ ...large, ...changed }), 5_000, 1);

    await expect(found).rejects.toThrow(broken);
  });
});
