/** The home row: each connection of a user has a row in the user's own channel, by which the connections are counted, found and closed. */

import { userChannel } from 'fanfare-protocol/channel';
import type { FanfareConfig } from '../access/namespaces.ts';
import type { Session } from '../access/session.ts';
import type { Placement, Subscription } from './subscription-store.ts';

/** One person's connections never need a second shard. */
export function homeOf(user: string): Placement {
  return { channel: userChannel(user), shard: 0 };
}

export function isHome({ user }: Pick<Session, 'user'>, { channel }: Pick<Placement, 'channel'>): boolean {
  return user !== undefined && channel === userChannel(user);
}

/**
 * The info of a connection is in its home row, once for all its channels: a delivery reads every row of a channel, and 1 KB in each of
 * them would be ten times the read units. Only presence reads it, so a stage without presence does not store it.
 */
export function homeInfo(
  { namespaces }: Pick<FanfareConfig, 'namespaces'>,
  { info }: Pick<Session, 'info'>,
): Pick<Subscription, 'info'> {
  const isSeen = Object.values(namespaces).some(({ presence }) => presence !== 'none');
  return isSeen && info !== undefined ? { info } : {};
}
