/**
 * The stored connections and the channels of each: the channels of a connection always cover its subscriptions. Each method is
 * one request, so that a crash can only fall between two.
 */

import type { Placement, Subscription } from './subscription-store.ts';

export interface Connection {
  readonly connectionId: string;
  readonly user?: string;
  /** Where an anonymous session over HTTP comes from (`source-address.ts`). */
  readonly address?: string;
  /** Seconds since 1970. */
  readonly expiresAt: number;
  /** From this moment on the sweep closes the connection (`expiry.ts`). Seconds since 1970; absent if the platform closes it earlier. */
  readonly closesAt?: number;
  /** Milliseconds since 1970. Before this moment, a 410 may only mean that the handshake is not over (HS-15). */
  readonly handshakeUntil?: number;
}

export type Addition =
  /** The channel was added now or before: the shard is the one of the first time. */
  { readonly kind: 'added'; readonly shard: number } | { readonly kind: 'full' } | { readonly kind: 'gone' };

export interface ConnectionStore {
  /** Writes a new connection together with its first subscriptions. */
  open(connection: Connection, subscriptions: readonly Subscription[]): Promise<void>;
  /** Adds a channel to a connection that still exists and is in fewer than `limit` channels. */
  addChannel(connectionId: string, placement: Placement, limit: number): Promise<Addition>;
  /**
   * Adds all channels to a connection that still exists, unless it would be in more than `limit` channels. No two placements are in one
   * channel. Whether the connection can be in fewer of them, `addChannel` says.
   *
   * @returns where the channels are; `undefined` if none was added.
   */
  addChannels(
    connectionId: string,
    placements: readonly Placement[],
    limit: number,
  ): Promise<readonly Placement[] | undefined>;
  /**
   * Adds groups to a connection that still exists. There are few groups, so there is no limit.
   *
   * @returns where they are: the shard is the one of the first time. `undefined` if the connection is gone.
   */
  addGroups(
    connectionId: string,
    placements: readonly Placement[],
  ): Promise<readonly Placement[] | undefined>;
  /** Strongly consistent. */
  isStored(connectionId: string): Promise<boolean>;
  /** The shard in which the connection is subscribed to the channel or group; `undefined` if it is not subscribed. */
  shardOf(connectionId: string, channel: string): Promise<number | undefined>;
  removeChannel(connectionId: string, channel: string): Promise<void>;
  /** Remembers another shard for a channel, if it is still `from`. */
  moveChannel(connectionId: string, channel: string, from: number, to: number): Promise<void>;
  /** Deletes the connection and returns where it was subscribed; an empty list if the connection did not exist. */
  remove(connectionId: string): Promise<readonly Placement[]>;
  /** Stores a removed connection again, with the placements that could not be removed, for the next sweep (`expiry.ts`). */
  owe(connectionId: string, placements: readonly Placement[]): Promise<void>;
}
