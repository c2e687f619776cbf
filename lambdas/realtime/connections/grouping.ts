/**
 * The groups of a grouped namespace: a pure policy.
 *
 * Its channels share a fixed number of groups. A connection has one row in each group of which it follows a channel, and the row names
 * these channels. So a thousand channels of one connection are sixteen rows. A publish reads the rows of one group, and posts to those
 * that name its channel.
 */

import { parseChannel } from 'fanfare-protocol/channel';
import { type FanfareConfig, findPolicy, type NamespacePolicy } from '../access/namespaces.ts';
import { hashOf } from './sharding.ts';
import type { SubscriptionPage, SubscriptionStore } from './subscription-store.ts';

/**
 * Enough that a publish reads few channels beside its own, and few enough that subscribing is cheap. It never changes: a function of
 * another version would look for the rows of a channel in another group.
 */
export const GROUPS = 16;

/** No channel name has it, so no group can be taken for a channel. */
const MARK = '*';

/** Where the subscriptions of a channel are: under its own name, or among the rows of its group. */
export interface ChannelRows {
  readonly channel: string;
  /** Not optional: a caller that forgets the group would reach no subscriber of a grouped channel. */
  readonly group: string | undefined;
}

/** The group of a channel; `undefined` if its namespace is not grouped. */
export function groupOf(
  { subscriptions }: Pick<NamespacePolicy, 'subscriptions'>,
  channel: string,
): string | undefined {
  const parsed = subscriptions === 'grouped' ? parseChannel(channel) : undefined;
  return parsed && `${parsed.namespace}:${MARK}${mixed(hashOf(channel)) % GROUPS}`;
}

/** The same for a channel of which only the name is known. */
export function groupIn(config: FanfareConfig, channel: string): string | undefined {
  const name = parseChannel(channel);
  const policy = name && findPolicy(config, name);
  return policy && groupOf(policy, channel);
}

/** Whether rows under this name are those of a group. */
export function isGroup(name: string): boolean {
  return name.includes(`:${MARK}`);
}

/** The name under which the rows are stored. */
export function partitionOf({ channel, group = channel }: ChannelRows): string {
  return group;
}

/** A page of the rows of one channel. */
export function pageOf(
  subscriptions: Pick<SubscriptionStore, 'page'>,
  rows: ChannelRows,
  shard: number,
  after?: string,
  most?: number,
): Promise<SubscriptionPage> {
  const placement = { channel: partitionOf(rows), shard };
  if (rows.group === undefined) return subscriptions.page(placement, after, most);
  return subscriptions.page(placement, after, most, rows.channel);
}

/** The low bits of the hash follow those of the text. A group is chosen by all of its bits (the end of MurmurHash3). */
function mixed(hash: number): number {
  const once = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  const twice = Math.imul(once ^ (once >>> 13), 0xc2b2ae35);
  return (twice ^ (twice >>> 16)) >>> 0;
}
