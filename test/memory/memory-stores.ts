/** The stores in memory, with DynamoDB's semantics. The same contract tests both. */

import type { Directory } from '../../lambdas/operations/directory.ts';
import type { RunStore } from '../../lambdas/own-actions/run-store.ts';
import type { ChargeStore } from '../../lambdas/realtime/access/charge-store.ts';
import type { Connection, ConnectionStore } from '../../lambdas/realtime/connections/connection-store.ts';
import type { ExpiryStore } from '../../lambdas/realtime/connections/expiry.ts';
import { isGroup } from '../../lambdas/realtime/connections/grouping.ts';
import type {
  HttpSessionStore,
  LeaseStore,
  Mailboxes,
  OpeningStore,
  PlaceStore,
} from '../../lambdas/realtime/connections/http-sessions.ts';
import type { RevocationStore } from '../../lambdas/realtime/connections/revocation.ts';
import type { ShardStore } from '../../lambdas/realtime/connections/shard-store.ts';
import { addressPlacement, isAddressPlacement } from '../../lambdas/realtime/connections/source-address.ts';
import type {
  Placement,
  Subscription,
  SubscriptionStore,
} from '../../lambdas/realtime/connections/subscription-store.ts';
import type { ClaimStore } from '../../lambdas/realtime/delivery/claim-store.ts';
import type { LateFrames, NewestLateFrame } from '../../lambdas/realtime/delivery/late-frames.ts';
import type { OccupancyStore } from '../../lambdas/realtime/lifecycle/occupancy.ts';
import type { Reader, ReadPositionStore } from '../../lambdas/realtime/log/read-position.ts';
import type {
  DueList,
  PresenceStore,
  ShiftStore,
  WindowStore,
} from '../../lambdas/realtime/presence/presence-store.ts';
import { type MemoryHeads, memoryDirectory } from './memory-directory.ts';
import { memoryExpiry } from './memory-expiry.ts';
import { memoryHttpSessions, memoryMailboxes, memoryOpenings, memoryPlaces } from './memory-http-sessions.ts';
import { memoryOccupancy } from './memory-occupancy.ts';
import { memoryPresence, memoryShifts, memoryWindows } from './memory-presence.ts';
import { memoryRuns } from './memory-runs.ts';
import { memoryShards } from './memory-shards.ts';

export interface MemoryStores {
  readonly revocations: RevocationStore;
  readonly httpSessions: HttpSessionStore;
  readonly mailboxes: Mailboxes;
  readonly openings: OpeningStore;
  readonly places: PlaceStore;
  readonly leases: LeaseStore;
  readonly readPositions: ReadPositionStore;
  readonly connections: ConnectionStore;
  readonly charges: ChargeStore;
  readonly subscriptions: SubscriptionStore;
  readonly shards: ShardStore;
  readonly claims: ClaimStore;
  readonly lateFrames: LateFrames;
  readonly newestLate: NewestLateFrame;
  readonly directory: Directory;
  readonly expiry: ExpiryStore;
  readonly occupancy: OccupancyStore;
  readonly presence: PresenceStore;
  readonly dueList: DueList;
  readonly windows: WindowStore;
  readonly shifts: ShiftStore;
  readonly runs: RunStore;
}

/** Small, so that a test needs few subscribers for a second page. */
const PAGE_SIZE = 100;

/**
 * @param shards the number of shards by channel; shared with the log, whose heads contain it.
 * @param heads shared with the log.
 */
export function memoryStores(
  shards = new Map<string, number>(),
  heads: MemoryHeads = new Map(),
): MemoryStores {
  const connections = new Map<
    string,
    { readonly connection: Connection; readonly channels: Map<string, number> }
  >();
  const busy = new Map<string, number>();
  const rows = new Map<string, Subscription>();
  /** The channels that the rows of groups name. */
  const followed = new Map<string, Set<string>>();
  const occupancy = memoryOccupancy();
  const claims = new Map<string, { readonly owner: string; readonly isPassedOn: boolean }>();
  const lateFrames = new Map<string, number>();
  const revoked = new Map<string, number>();
  const keyOf = (connectionId: string, { channel, shard }: Placement) =>
    JSON.stringify([channel, shard, connectionId]);
  const put = (subscription: Subscription) => {
    rows.set(keyOf(subscription.connectionId, subscription), subscription);
  };
  const rowsOf = ({ channel, shard }: Placement) =>
    [...rows.values()]
      .filter((row) => row.channel === channel && row.shard === shard)
      .toSorted((one, other) => (one.connectionId < other.connectionId ? -1 : 1));

  return {
    httpSessions: memoryHttpSessions(),
    mailboxes: memoryMailboxes(),
    openings: memoryOpenings(),
    places: memoryPlaces(),
    runs: memoryRuns(),
    leases: {
      async renewConnection(connectionId, until) {
        const found = connections.get(connectionId);
        if (!found) return undefined;
        connections.set(connectionId, { ...found, connection: { ...found.connection, expiresAt: until } });
        return placementsOf(found);
      },
      async renewSubscription(connectionId, placement, renewal) {
        const row = rows.get(keyOf(connectionId, placement));
        if (!row) return;
        const {
          isMember: _,
          info: _info,
          seesMembers: _sees,
          isDeaf: _deaf,
          grantUntil: _grant,
          ...rest
        } = row;
        put({ ...rest, ...renewal });
      },
      async retainSubscription(connectionId, placement, leaseUntil) {
        const row = rows.get(keyOf(connectionId, placement));
        if (row?.grantUntil !== undefined) put({ ...row, expiresAt: Math.min(leaseUntil, row.grantUntil) });
      },
      async grantOf(connectionId, placement) {
        const row = rows.get(keyOf(connectionId, placement));
        if (!row) return undefined;
        const { grantUntil, seesMembers, isDeaf } = row;
        return {
          ...(grantUntil !== undefined && { grantUntil }),
          ...(seesMembers && { seesMembers }),
          ...(isDeaf && { isDeaf }),
        };
      },
    },
    lateFrames: {
      async note(channel, seq) {
        lateFrames.set(channel, Math.max(seq, lateFrames.get(channel) ?? 0));
      },
    },
    newestLate: {
      async newest(channel) {
        return lateFrames.get(channel);
      },
    },
    occupancy,
    expiry: memoryExpiry(connections),
    directory: memoryDirectory({ connections, followed, shards, heads, occupancy }),
    connections: {
      async open(connection, subscriptions) {
        const channels = new Map(
          subscriptions
            .filter((placement) => !isAddressPlacement(placement))
            .map(({ channel, shard }) => [channel, shard]),
        );
        connections.set(connection.connectionId, { connection, channels });
        subscriptions.forEach(put);
      },
      async addChannel(connectionId, { channel, shard }, limit) {
        const found = connections.get(connectionId);
        if (!found) return { kind: 'gone' };
        const channels = [...found.channels.keys()].filter((name) => !isGroup(name));
        if (!found.channels.has(channel) && channels.length >= limit) return { kind: 'full' };
        const first = found.channels.get(channel) ?? shard;
        found.channels.set(channel, first);
        return { kind: 'added', shard: first };
      },
      async addChannels(connectionId, placements, limit) {
        const channels = connections.get(connectionId)?.channels;
        const added = placements.filter(({ channel }) => !channels?.has(channel));
        if (!channels) return undefined;
        const before = [...channels.keys()].filter((name) => !isGroup(name)).length;
        if (before + added.length > limit) return undefined;
        for (const { channel, shard } of added) channels.set(channel, shard);
        return placements.map(({ channel, shard }) => ({ channel, shard: channels.get(channel) ?? shard }));
      },
      async addGroups(connectionId, placements) {
        const groups = connections.get(connectionId)?.channels;
        if (!groups) return undefined;
        for (const { channel, shard } of placements) groups.set(channel, groups.get(channel) ?? shard);
        return placements.map(({ channel, shard }) => ({ channel, shard: groups.get(channel) ?? shard }));
      },
      async isStored(connectionId) {
        return connections.has(connectionId);
      },
      async shardOf(connectionId, channel) {
        return connections.get(connectionId)?.channels.get(channel);
      },
      async removeChannel(connectionId, channel) {
        connections.get(connectionId)?.channels.delete(channel);
      },
      async moveChannel(connectionId, channel, from, to) {
        const channels = connections.get(connectionId)?.channels;
        if (channels?.get(channel) === from) channels.set(channel, to);
      },
      async remove(connectionId) {
        const found = connections.get(connectionId);
        connections.delete(connectionId);
        return found ? placementsOf(found) : [];
      },
      async owe(connectionId, placements) {
        const channels = new Map(placements.map(({ channel, shard }) => [channel, shard]));
        const connection = { connectionId, expiresAt: Number.POSITIVE_INFINITY, closesAt: 0 };
        connections.set(connectionId, { connection, channels });
      },
    },
    charges: {
      async charge(connectionId, { costMs, burstMs, now, isKnown }) {
        if (!isKnown && !connections.has(connectionId)) return { kind: 'gone' };
        const before = busy.get(connectionId) ?? 0;
        const busyUntil = Math.max(now, before) + costMs;
        if (busyUntil > now + burstMs) return { kind: 'limited', busyUntil: before };
        busy.set(connectionId, busyUntil);
        return { kind: 'charged', busyUntil };
      },
    },
    subscriptions: {
      async put(subscription) {
        put(subscription);
      },
      async putAll(subscriptions) {
        subscriptions.forEach(put);
      },
      async remove(connectionId, placements) {
        for (const placement of placements) {
          rows.delete(keyOf(connectionId, placement));
          followed.delete(keyOf(connectionId, placement));
        }
      },
      async page(placement, after = '', most = PAGE_SIZE, naming = undefined) {
        const size = Math.min(most, PAGE_SIZE);
        const rest = rowsOf(placement).filter(({ connectionId }) => connectionId > after);
        const subscriptions = rest.slice(0, size).map(({ info: _, ...row }) => row);
        const next = rest.length > size ? subscriptions.at(-1)?.connectionId : undefined;
        const more = next !== undefined && { next };
        if (naming === undefined) return { subscriptions, ...more };
        const names = (row: Subscription) => followed.get(keyOf(row.connectionId, row))?.has(naming);
        return { subscriptions: subscriptions.filter(names), looked: subscriptions.length, ...more };
      },
      async attendance(connectionId, placement) {
        const row = rows.get(keyOf(connectionId, placement));
        if (!row?.isMember) return undefined;
        const { expiresAt, info } = row;
        return { expiresAt, ...(info !== undefined && { info }) };
      },
      async infoOf(connectionId, placement) {
        const row = rows.get(keyOf(connectionId, placement));
        return row && (row.info === undefined ? {} : { info: row.info });
      },
      async count(placement, shardCount) {
        return rowsOf(placement).filter((row) => row.shardCount === shardCount).length;
      },
      async follow(row, channels, limit) {
        const key = keyOf(row.connectionId, row);
        const before = rows.get(key);
        const names = new Set([...(followed.get(key) ?? []), ...channels]);
        if (names.size > limit) return 'full';
        put({ ...row, shardCount: before?.shardCount ?? row.shardCount });
        followed.set(key, names);
        return before ? 'known' : 'new';
      },
      async unfollow(connectionId, placement, channels) {
        for (const channel of channels) followed.get(keyOf(connectionId, placement))?.delete(channel);
      },
      async followed(connectionId, placement) {
        return [...(followed.get(keyOf(connectionId, placement)) ?? [])];
      },
    },
    shards: memoryShards(shards),
    revocations: {
      async revoke(user, issuedBefore) {
        revoked.set(user, Math.max(issuedBefore, revoked.get(user) ?? 0));
      },
      async revokedBefore(user) {
        return revoked.get(user);
      },
    },
    readPositions: memoryReadPositions(),
    ...memoryPresence(),
    windows: memoryWindows(),
    shifts: memoryShifts(),
    claims: {
      async claim(piece, owner) {
        const found = claims.get(piece);
        if (found && found.owner !== owner) return "another's";
        claims.set(piece, { owner, isPassedOn: found?.isPassedOn ?? false });
        return found?.isPassedOn ? 'passed on' : 'new';
      },
      async passOn(piece) {
        const found = claims.get(piece);
        if (found) claims.set(piece, { ...found, isPassedOn: true });
      },
    },
  };
}

interface KeptConnection {
  readonly connection: Connection;
  readonly channels: ReadonlyMap<string, number>;
}

function placementsOf({ connection, channels }: KeptConnection): Placement[] {
  const { address } = connection;
  const placements = [...channels].map(([channel, shard]) => ({ channel, shard }));
  return address === undefined ? placements : [...placements, addressPlacement(address)];
}

function memoryReadPositions(): ReadPositionStore {
  const positions = new Map<string, number>();
  const keyOf = ({ user, channel }: Reader) => JSON.stringify([user, channel]);
  return {
    async advance(reader, seq) {
      const kept = Math.max(seq, positions.get(keyOf(reader)) ?? 0);
      positions.set(keyOf(reader), kept);
      return kept;
    },
    async read(reader) {
      return positions.get(keyOf(reader));
    },
    async forget(reader) {
      positions.delete(keyOf(reader));
    },
  };
}
