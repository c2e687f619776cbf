/** Channels that share a row, under many orders of the port calls, with crashes between any two. */

import { CHANNELS_PER_GROUP } from 'fanfare-protocol/limits';
import { describe, expect, it } from 'vitest';
import { tries } from '../running/counts.ts';
import { exploreRandomly } from './explore.ts';
import { check, type Given, GROUP, type Mutant, NAMES } from './grouped-world.ts';
import type { Chooser } from './scheduler.ts';

const [A = '', B = '', C = '', D = ''] = NAMES;

const cases = {
  'a frame of two channels, and a publisher of each': {
    processes: { frame: { subscribes: [A, B] }, one: { publishes: A }, other: { publishes: B } },
  },
  'a subscribe and an unsubscribe of one row, and a publisher of the channel that stays': {
    before: [A, B],
    processes: { joins: { subscribes: [C] }, leaves: { unsubscribes: A }, publisher: { publishes: B } },
  },
  'an unsubscribe of the last channel of a row, a subscribe of another, and its publisher': {
    before: [A],
    processes: { joins: { subscribes: [B] }, leaves: { unsubscribes: A }, publisher: { publishes: B } },
  },
  'two frames with a channel in common, a publisher, and the end of the connection': {
    processes: {
      frame: { subscribes: [A, B] },
      again: { subscribes: [B, C] },
      publisher: { publishes: B },
      end: { ends: true },
    },
  },
  'a publisher of a channel of the same group that the connection does not follow': {
    before: [A],
    processes: { joins: { subscribes: [B] }, publisher: { publishes: D } },
  },
  'two frames of which only one has room': {
    before: NAMES.slice(2, CHANNELS_PER_GROUP + 1),
    processes: { frame: { subscribes: [A] }, other: { subscribes: [B] } },
  },
  'a group that becomes narrower while two frames come': {
    isWide: true,
    processes: { frame: { subscribes: [A, B] }, again: { subscribes: [C] }, worker: { narrows: true } },
  },
} satisfies Readonly<Record<string, Given>>;

const ORDERS = tries({ short: 300, long: 5_000 });
const SEED = 20261201;

const exploring =
  (given: Given, crashes: number, mutant?: Mutant) =>
  (choose: Chooser): Promise<void> =>
    check(given, { choose, crashes, mutant });

describe('in many random orders', () => {
  it.each(Object.entries(cases))('%s keep all promises', async (_name, given) => {
    await exploreRandomly(exploring(given, 0), ORDERS, SEED);
  });

  it.each(Object.entries(cases))('%s keep all promises, also if any process dies', async (_name, given) => {
    await exploreRandomly(exploring(given, 1), ORDERS, SEED);
  });
});

const withSubscriptions =
  (change: (ports: Parameters<Mutant>[0]) => Partial<ReturnType<Mutant>['subscriptions']>): Mutant =>
  (ports) => ({ ...ports, subscriptions: { ...ports.subscriptions, ...change(ports) } });

const rowsBeforeGroups: Mutant = (ports) => {
  let late = async (): Promise<unknown> => undefined;
  return {
    ...ports,
    connections: {
      ...ports.connections,
      async addGroups(...args) {
        late = () => ports.connections.addGroups(...args);
        return args[1];
      },
      async isStored(connectionId) {
        await late();
        return ports.connections.isStored(connectionId);
      },
    },
  };
};

const rowsAfterTheHead: Mutant = (ports) => {
  let late: Parameters<typeof ports.subscriptions.follow> | undefined;
  return {
    ...ports,
    subscriptions: {
      ...ports.subscriptions,
      async follow(...args) {
        late = args;
        return 'new';
      },
    },
    channelLog: {
      ...ports.channelLog,
      async head(channel) {
        const head = await ports.channelLog.head(channel);
        if (late) await ports.subscriptions.follow(...late);
        return head;
      },
    },
  };
};

/** Reads the row, and writes it whole. */
const rowsWrittenWhole = withSubscriptions(({ subscriptions }) => ({
  async follow(row, channels, limit) {
    const before = await subscriptions.followed(row.connectionId, row);
    await subscriptions.remove(row.connectionId, [row]);
    return subscriptions.follow(row, [...before, ...channels], limit);
  },
}));

const rowsRemovedWithTheirLastChannel = withSubscriptions(({ subscriptions }) => ({
  async unfollow(connectionId, placement, channels) {
    const names = await subscriptions.followed(connectionId, placement);
    if (names.every((name) => channels.includes(name)))
      return subscriptions.remove(connectionId, [placement]);
    return subscriptions.unfollow(connectionId, placement, channels);
  },
}));

const postedToTheWholeGroup = withSubscriptions(({ subscriptions }) => ({
  page: (placement, after, most) => subscriptions.page(placement, after, most),
}));

const neverLookedForAtLast: Mutant = (ports) => ({
  ...ports,
  connections: { ...ports.connections, isStored: async () => true },
});

const namedBeyondTheLimit = withSubscriptions(({ subscriptions }) => ({
  follow: (row, channels) => subscriptions.follow(row, channels, Number.POSITIVE_INFINITY),
}));

const staysInAnUpperShard: Mutant = (ports) => ({
  ...ports,
  shards: { ...ports.shards, placedOver: async () => 2 },
});

const shardsLookedAtBeforeTheRow: Mutant = (ports) => {
  let placedOver: number | undefined;
  return {
    ...ports,
    connections: {
      ...ports.connections,
      async addGroups(...args) {
        placedOver = await ports.shards.placedOver(GROUP);
        return ports.connections.addGroups(...args);
      },
    },
    shards: {
      ...ports.shards,
      placedOver: async (group) => placedOver ?? ports.shards.placedOver(group),
    },
  };
};

/** Without its last channel, the connection names the group no more. */
const groupForgottenWithAChannel: Mutant = (ports) => ({
  ...ports,
  subscriptions: {
    ...ports.subscriptions,
    async unfollow(connectionId, placement, channels) {
      await ports.subscriptions.unfollow(connectionId, placement, channels);
      await ports.connections.removeChannel(connectionId, GROUP);
    },
  },
});

const subscribersReadBeforeTheHead: Mutant = (ports) => {
  let early: ReturnType<typeof ports.subscriptions.page> | undefined;
  return {
    ...ports,
    channelLog: {
      ...ports.channelLog,
      async raise(channel, ...args) {
        early = ports.subscriptions.page({ channel: GROUP, shard: 0 }, undefined, undefined, channel);
        await early;
        return ports.channelLog.raise(channel, ...args);
      },
    },
    subscriptions: {
      ...ports.subscriptions,
      page: (...args) => early ?? ports.subscriptions.page(...args),
    },
  };
};

const given = Object.values(cases);
const [published, row, last, ended, other, full, narrow] = given;

describe('the exploration finds', () => {
  it.each<[string, Given | undefined, Mutant, string]>([
    [
      'rows that are written before the connection names their group',
      { processes: { frame: { subscribes: [A, B] } } },
      rowsBeforeGroups,
      'a stored connection names',
    ],
    ['rows that are written after the head was read', published, rowsAfterTheHead, 'a subscriber gets each'],
    [
      'subscribers that are read before the head is raised',
      published,
      subscribersReadBeforeTheHead,
      'a subsc',
    ],
    ['rows that are read and written whole', row, rowsWrittenWhole, ''],
    ['rows that are removed with their last channel', last, rowsRemovedWithTheirLastChannel, ''],
    [
      'a group that is forgotten with a channel',
      row,
      groupForgottenWithAChannel,
      'a stored connection names',
    ],
    ['posts to the whole group', other, postedToTheWholeGroup, 'only channels for which'],
    ['a connection that is not looked for at last', ended, neverLookedForAtLast, 'without a crash, a conn'],
    ['channels beyond the limit', full, namedBeyondTheLimit, 'the row names as many'],
    [
      'a row that stays in a shard that is not read',
      narrow,
      staysInAnUpperShard,
      'a subscriber is in a shard',
    ],
    [
      'shards that are looked at before the row',
      narrow,
      shardsLookedAtBeforeTheRow,
      'a subscriber is in a sh',
    ],
  ])('%s', async (_what, one, mutant, broken) => {
    // A crash hides ghosts, and finds rows that no group covers.
    const crashes = mutant === rowsBeforeGroups ? 1 : 0;
    const found = exploreRandomly(exploring(one ?? { processes: {} }, crashes, mutant), 2_000, SEED);

    await expect(found).rejects.toThrow(`Broken: ${broken}`);
  });
});
