/** The subscribers of a channel, read after its head. */

import { type Audience, type AudiencePorts, audienceNow, audienceOf } from '../delivery/audience.ts';
import type { ChannelLog } from './channel-log.ts';
import type { Head } from './log-store.ts';

/**
 * Starts to read the subscribers. The head has the number of shards of a channel that is in no group, so that takes no request. A group has
 * its number in an item of its own, which is read after the head was raised, as the rows are.
 *
 * @param head was just raised or read.
 */
export function audienceAt(
  { ports, channel, group }: ChannelLog<AudiencePorts>,
  { shardCount }: Pick<Head, 'shardCount'>,
): Promise<Audience> {
  if (group === undefined) return Promise.resolve(audienceOf(ports, channel, shardCount));
  const audience = audienceNow(ports, channel, group);
  // The caller may fail before it awaits this. Without a handler, a failed read would then end the process.
  audience.catch(() => {});
  return audience;
}
