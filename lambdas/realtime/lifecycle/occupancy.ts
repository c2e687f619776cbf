/**
 * Whether channels have subscribers, told once for each time that it changes.
 *
 * The truth is the subscriptions. Beside it stands what was last told of a channel, which whoever finds that it is not the
 * truth any more makes the truth, with a new version. A version is told before the next one is made: what was told
 * alternates, and a crash between leaves it for whoever comes next.
 */

import type { Clock } from '../clock.ts';
import { type AudiencePorts, subscribersOf } from '../delivery/audience.ts';
import { type Lifecycle, lifecycleEvent } from './lifecycle.ts';

/** What is stored of a channel; nothing for one that has been empty for long. */
export interface Occupancy {
  readonly occupied: boolean;
  /** Rises with each change; milliseconds since 1970, so that it rises even after what was stored is gone. */
  readonly version: number;
  /** The last version that was told for certain. */
  readonly told: number;
}

/** What was found out of channels. */
export interface OccupancyStore {
  /** Strongly consistent. */
  read(channel: string): Promise<Occupancy | undefined>;
  /** Stores the next version, unless something else is stored by now than `known`. */
  change(
    channel: string,
    known: Occupancy | undefined,
    next: Pick<Occupancy, 'occupied' | 'version'>,
  ): Promise<void>;
  /** Notes that a version was told, unless there is another by now; of an empty channel nothing has to be kept then. */
  tell(channel: string, told: Occupancy): Promise<void>;
}

export interface OccupancyPorts extends AudiencePorts, Pick<Clock, 'now'> {
  readonly occupancy: OccupancyStore;
  readonly lifecycle: Lifecycle;
}

/** Everybody who changes a channel's subscriptions comes by afterwards, so there is seldom a second round. */
const MAX_ROUNDS = 16;

/**
 * Makes what is told of a channel the truth. To be called after each change of its subscriptions; again and at the same time
 * is harmless.
 *
 * @throws Error when others keep changing it, or when a port fails: then it has to be called again.
 */
export async function settleOccupancy(ports: OccupancyPorts, channel: string): Promise<void> {
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const known = await ports.occupancy.read(channel);
    if (known && known.version > known.told) await tell(ports, channel, known);
    // After what is known, so that nobody stores a newer truth in between unnoticed. And again after each change: a worker
    // who read an older truth may have stored it after everybody else had gone.
    const occupied = await isOccupied(ports, channel);
    if (occupied === (known?.occupied ?? false)) return;
    const version = Math.max(ports.now(), (known?.version ?? 0) + 1);
    await ports.occupancy.change(channel, known, { occupied, version });
  }
  throw new Error(`The occupancy of a channel did not settle in ${MAX_ROUNDS} rounds`);
}

async function tell(ports: OccupancyPorts, channel: string, known: Occupancy): Promise<void> {
  const { occupied, version } = known;
  const type = occupied ? 'channel occupied' : 'channel vacated';
  await ports.lifecycle.put([lifecycleEvent(type, { channel, version }, version)]);
  await ports.occupancy.tell(channel, known);
}

async function isOccupied(ports: OccupancyPorts, channel: string): Promise<boolean> {
  for await (const _ of subscribersOf(ports, channel)) return true;
  return false;
}
