/** Subscriptions as DynamoDB items, keyed by channel and shard. */

import type { Placement, Subscription } from '../realtime/connections/subscription-store.ts';
import type { Item } from './record-item.ts';

/** The row of one subscription; also written with the connection itself, for the channels it is born into. */
export function subscriptionItem(subscription: Subscription): Item {
  const { connectionId, shardCount, user, expiresAt, keptUntil, grantUntil } = subscription;
  const { handshakeUntil, isMember, info, seesMembers, takesDiffs, isDeaf } = subscription;
  return {
    ...subscriptionKey(subscription, connectionId),
    shardCount: { N: String(shardCount) },
    ...(user !== undefined && { user: { S: user } }),
    // The table deletes the row some time after its `expiresAt` (PX-8).
    expiresAt: { N: String(keptUntil ?? expiresAt) },
    ...(keptUntil !== undefined && { endsAt: { N: String(expiresAt) } }),
    ...(grantUntil !== undefined && { grantUntil: { N: String(grantUntil) } }),
    ...(handshakeUntil !== undefined && { handshakeUntil: { N: String(handshakeUntil) } }),
    // A false flag is left out, so that most rows stay small.
    ...(isMember && { isMember: { BOOL: true } }),
    ...(info !== undefined && { info: { S: JSON.stringify(info) } }),
    ...(seesMembers && { seesMembers: { BOOL: true } }),
    ...(takesDiffs && { takesDiffs: { BOOL: true } }),
    ...(isDeaf && { isDeaf: { BOOL: true } }),
  };
}

/** The channel that a row's key is for. No channel name has a `#`. */
export function channelIn(key: Item): string {
  return key['channelShard']?.S?.replace(/#\d+$/, '') ?? '';
}

export function subscriptionKey(placement: Placement, connectionId: string): Item {
  return { channelShard: { S: channelShard(placement) }, connectionId: { S: connectionId } };
}

/** The placement that a row's key names. */
export function placementIn(key: Item): Placement {
  const [shard = '0'] = key['channelShard']?.S?.match(/\d+$/) ?? [];
  return { channel: channelIn(key), shard: Number(shard) };
}

export function channelShard({ channel, shard }: Placement): string {
  return `${channel}#${shard}`;
}

export function subscriptionFrom({ channel, shard }: Placement, item: Item): Subscription {
  const user = item['user']?.S;
  const handshakeUntil = item['handshakeUntil']?.N;
  const expiresAt = Number(item['expiresAt']?.N);
  const endsAt = item['endsAt']?.N;
  return {
    channel,
    shard,
    shardCount: Number(item['shardCount']?.N),
    connectionId: item['connectionId']?.S ?? '',
    ...(user !== undefined && { user }),
    ...(endsAt === undefined ? { expiresAt } : { expiresAt: Number(endsAt), keptUntil: expiresAt }),
    ...(handshakeUntil !== undefined && { handshakeUntil: Number(handshakeUntil) }),
    ...(item['isMember']?.BOOL && { isMember: true }),
    ...(item['seesMembers']?.BOOL && { seesMembers: true }),
    ...(item['takesDiffs']?.BOOL && { takesDiffs: true }),
    ...(item['isDeaf']?.BOOL && { isDeaf: true }),
  };
}
