/** Mistakes in the code that keeps occupancy equal to the subscriptions. The exploration must find them. */

import { subscribersOf } from '../../lambdas/realtime/delivery/audience.ts';
import { type OccupancyPorts, settleOccupancy } from '../../lambdas/realtime/lifecycle/occupancy.ts';
import type { Settle } from './occupancy-world.ts';

async function isOccupied(ports: OccupancyPorts, channel: string): Promise<boolean> {
  for await (const _ of subscribersOf(ports, channel)) return true;
  return false;
}

/** Reads the subscriptions before the row, so that they may be older than the row. */
const truthReadFirst: Settle = async (ports, channel) => {
  const first = ports.subscriptions.page({ channel, shard: 0 });
  const truths = [first];
  await first;
  await settleOccupancy(
    {
      ...ports,
      subscriptions: {
        ...ports.subscriptions,
        page: (...args) => truths.pop() ?? ports.subscriptions.page(...args),
      },
      occupancy: {
        ...ports.occupancy,
        async change(name, known, next) {
          await ports.occupancy.change(name, known, next);
          truths.push(ports.subscriptions.page({ channel, shard: 0 }));
          await truths.at(-1);
        },
      },
    },
    channel,
  );
};

/** Stops after it has stored a version, without reading the subscriptions again. */
const truthNotReadAgain: Settle = async (ports, channel) => {
  const known = await ports.occupancy.read(channel);
  const occupied = await isOccupied(ports, channel);
  if (known && known.version > known.told) await settleOccupancy(ports, channel);
  if (occupied === (known?.occupied ?? false)) return;
  const version = Math.max(ports.now(), (known?.version ?? 0) + 1);
  await ports.occupancy.change(channel, known, { occupied, version });
  const stored = await ports.occupancy.read(channel);
  if (!stored || stored.version === stored.told) return;
  await settleOccupancy(
    { ...ports, subscriptions: { ...ports.subscriptions, page: asStored(stored.occupied) } },
    channel,
  );
};

function asStored(occupied: boolean): OccupancyPorts['subscriptions']['page'] {
  const row = { channel: '', shard: 0, shardCount: 1, connectionId: '', expiresAt: Number.MAX_SAFE_INTEGER };
  return async () => ({ subscriptions: occupied ? [row] : [] });
}

/** Marks the change as sent before it sends it. After a crash in between, no process ever sends it. */
const notedBeforeTold: Settle = (ports, channel) => {
  const untold: Parameters<typeof ports.lifecycle.put>[0][] = [];
  return settleOccupancy(
    {
      ...ports,
      lifecycle: {
        async put(events) {
          untold.push(events);
        },
      },
      occupancy: {
        ...ports.occupancy,
        async tell(...args) {
          await ports.occupancy.tell(...args);
          for (const events of untold.splice(0)) await ports.lifecycle.put(events);
        },
      },
    },
    channel,
  );
};

/** Makes the next version before the last one was sent. */
const changedBeforeTold: Settle = (ports, channel) =>
  settleOccupancy(
    {
      ...ports,
      occupancy: {
        ...ports.occupancy,
        async change(name, known, next) {
          if (known) await ports.occupancy.tell(name, known);
          await ports.occupancy.change(name, known && { ...known, told: known.version }, next);
        },
        async read(name) {
          const known = await ports.occupancy.read(name);
          const occupied = await isOccupied(ports, name);
          return known && known.occupied !== occupied ? { ...known, told: known.version } : known;
        },
      },
    },
    channel,
  );

/** As without a condition. */
const changedWhateverIsStored: Settle = (ports, channel) =>
  settleOccupancy(
    {
      ...ports,
      occupancy: {
        ...ports.occupancy,
        async change(name, _known, next) {
          const stored = await ports.occupancy.read(name);
          if (stored) await ports.occupancy.tell(name, stored);
          await ports.occupancy.change(name, stored, next);
        },
      },
    },
    channel,
  );

/** Takes the change of the stream for the present state of the channel. */
const toldAndNotSettled: Settle = async (ports, channel) => {
  const known = await ports.occupancy.read(channel);
  await ports.occupancy.change(channel, known, {
    occupied: !(known?.occupied ?? false),
    version: Math.max(ports.now(), (known?.version ?? 0) + 1),
  });
  const stored = await ports.occupancy.read(channel);
  if (stored)
    await settleOccupancy(
      { ...ports, subscriptions: { ...ports.subscriptions, page: asStored(stored.occupied) } },
      channel,
    );
};

export const occupancyMutants = {
  truthReadFirst,
  truthNotReadAgain,
  notedBeforeTold,
  changedBeforeTold,
  changedWhateverIsStored,
  toldAndNotSettled,
} satisfies Readonly<Record<string, Settle>>;
