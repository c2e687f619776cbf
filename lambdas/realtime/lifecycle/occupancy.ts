/**
 * Reports whether channels have subscribers, once for each change.
 *
 * The subscriptions decide. The table holds what was last reported of a channel. A worker that finds a difference stores a new version.
 * A version is reported before the next one is stored, so reports alternate between occupied and vacated. After a crash in between,
 * the next worker reports the stored version.
 */

import type { Clock } from '../clock.ts';
import { type AudiencePorts, isOccupied } from '../delivery/audience.ts';
import { type Lifecycle, lifecycleEvent } from './lifecycle.ts';

/** The stored occupancy of a channel. A channel that has been empty for long has no row. */
export interface Occupancy {
  readonly occupied: boolean;
  /** Rises with each change. Milliseconds since 1970, so that it rises even after the row was deleted. */
  readonly version: number;
  /** The last version that was certainly sent. */
  readonly told: number;
}

/** The stored occupancy of channels. */
export interface OccupancyStore {
  /** Strongly consistent. */
  read(channel: string): Promise<Occupancy | undefined>;
  /** Stores the next version, if `known` is still the stored one. */
  change(
    channel: string,
    known: Occupancy | undefined,
    next: Pick<Occupancy, 'occupied' | 'version'>,
  ): Promise<void>;
  /** Marks a version as sent, unless a newer version is stored. The row of an empty channel may then be deleted. */
  tell(channel: string, told: Occupancy): Promise<void>;
}

export interface OccupancyPorts extends AudiencePorts, Pick<Clock, 'now'> {
  readonly occupancy: OccupancyStore;
  readonly lifecycle: Lifecycle;
}

/** Every change of a channel's subscriptions starts a worker afterwards, so a second round is rare. */
const MAX_ROUNDS = 16;

/**
 * Reports the occupancy of a channel if it has changed. Call it after each change of the channel's subscriptions. Repeated and
 * simultaneous calls are harmless.
 *
 * @throws Error when others keep changing it, or when a port fails: then it has to be called again.
 */
export async function settleOccupancy(ports: OccupancyPorts, channel: string): Promise<void> {
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const known = await ports.occupancy.read(channel);
    if (known && known.version > known.told) await tell(ports, channel, known);
    // Read after the stored version, so that a newer result stored in between is noticed. Read again after each change, because a
    // delayed worker may have stored an older result after all others had ended.
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
