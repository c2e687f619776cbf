/** Subscribing to channels together under many orders of the port calls, with crashes between any two. */

import { CHANNELS_PER_CONNECTION } from 'fanfare-protocol/limits';
import { describe, expect, it } from 'vitest';
import type { Subscription } from '../../lambdas/realtime/connections/subscription-store.ts';
import { tries } from '../running/counts.ts';
import { exploreRandomly } from './explore.ts';
import { check, ME, type Mutant, type Process, type Run } from './joining-world.ts';
import type { Chooser } from './scheduler.ts';

const [A, B, C, D] = ['open:a', 'open:b', 'open:c', 'open:d'] as const;

interface Case {
  readonly processes: Readonly<Record<string, Process>>;
  readonly before?: number;
}

const cases = {
  'a frame of two subscribes, and the end of the connection': {
    processes: { frame: { subscribes: [A, B] }, end: { ends: true } },
  },
  'a frame of two subscribes, and two publishers': {
    processes: { frame: { subscribes: [A, B] }, one: { publishes: A }, other: { publishes: B } },
  },
  'two frames with a channel in common, a publisher, and the end of the connection': {
    processes: {
      frame: { subscribes: [A, B] },
      again: { subscribes: [B, C] },
      publisher: { publishes: B },
      end: { ends: true },
    },
  },
  'two frames of which only one has room': {
    processes: { frame: { subscribes: [A, B] }, other: { subscribes: [C, D] } },
    before: CHANNELS_PER_CONNECTION - 2,
  },
} satisfies Readonly<Record<string, Case>>;

const ORDERS = tries({ short: 300, long: 5_000 });

const exploring =
  ({ processes, before = 0 }: Case, crashes: number, mutant?: Mutant) =>
  (choose: Chooser) => {
    const run: Run = { choose, crashes, before, mutant };
    return check(processes, run);
  };

describe('in many random orders', () => {
  it.each(Object.entries(cases))('%s keep all promises', async (_name, one) => {
    await exploreRandomly(exploring(one, 0), ORDERS, 20261130);
  });

  it.each(Object.entries(cases))('%s keep all promises, also if any process dies', async (_name, one) => {
    await exploreRandomly(exploring(one, 1), ORDERS, 20261130);
  });
});

/** The rows are written before the channels: the update of the item waits for the next look at the connection. */
const rowsBeforeChannels: Mutant = (ports) => {
  let late = async (): Promise<unknown> => undefined;
  return {
    ...ports,
    connections: {
      ...ports.connections,
      async addChannels(...args) {
        late = () => ports.connections.addChannels(...args);
        return args[1];
      },
      async isStored(connectionId) {
        await late();
        return ports.connections.isStored(connectionId);
      },
    },
  };
};

const neverLookedForAtLast: Mutant = (ports) => ({
  ...ports,
  connections: { ...ports.connections, isStored: async () => true },
});

const lookedForBeforeTheRows: Mutant = (ports) => {
  let isStored = true;
  return {
    ...ports,
    connections: { ...ports.connections, isStored: async () => isStored },
    subscriptions: {
      ...ports.subscriptions,
      async putAll(rows) {
        isStored = await ports.connections.isStored(ME);
        await ports.subscriptions.putAll(rows);
      },
    },
  };
};

const addedBeyondTheLimit: Mutant = (ports) => ({
  ...ports,
  connections: {
    ...ports.connections,
    addChannels: (connectionId, placements) =>
      ports.connections.addChannels(connectionId, placements, Number.POSITIVE_INFINITY),
  },
});

const rowsAfterTheHead: Mutant = (ports) => {
  const late: Subscription[] = [];
  return {
    ...ports,
    subscriptions: {
      ...ports.subscriptions,
      async putAll(rows) {
        late.push(...rows);
      },
    },
    channelLog: {
      ...ports.channelLog,
      async head(channel) {
        const head = await ports.channelLog.head(channel);
        const rows = late.filter((row) => row.channel === channel);
        await ports.subscriptions.putAll(rows);
        return head;
      },
    },
  };
};

const { ends, published, full } = {
  ends: cases['a frame of two subscribes, and the end of the connection'],
  published: cases['a frame of two subscribes, and two publishers'],
  full: cases['two frames of which only one has room'],
};

/** With no other process, each place of a crash is soon tried. */
const alone: Case = { processes: { frame: { subscribes: [A, B] } } };

describe('the exploration finds', () => {
  it.each<[string, Case, Mutant, string]>([
    ['rows that are written before the channels', alone, rowsBeforeChannels, 'a stored connection names'],
    ['a connection that is not looked for at last', ends, neverLookedForAtLast, 'without a crash, a conn'],
    [
      'a connection that is looked for before its rows',
      ends,
      lookedForBeforeTheRows,
      'without a crash, a conn',
    ],
    ['channels beyond the limit', full, addedBeyondTheLimit, 'a connection is in as many'],
    ['rows that are written after the head was read', published, rowsAfterTheHead, 'a subscriber gets each'],
  ])('%s', async (_what, one, mutant, broken) => {
    // A crash hides ghosts, and finds rows that no channel covers.
    const crashes = mutant === rowsBeforeChannels ? 1 : 0;
    const found = exploreRandomly(exploring(one, crashes, mutant), ORDERS, 20261130);

    await expect(found).rejects.toThrow(`Broken: ${broken}`);
  });
});
