/** How many commands a frame counts as, for the rate of its connection. */

import { parseChannel } from 'fanfare-protocol/channel';
import * as v from 'valibot';
import { type FanfareConfig, findPolicy } from '../realtime/access/namespaces.ts';

/**
 * A further channel of a grouped namespace shares its write with the others of the frame, and takes one or two small reads of its own. Any
 * other command takes about ten times as much. Commands.
 */
const SHARED_WEIGHT = 0.1;

/** A frame that is allowed must not be refused for ever, so the largest one costs less than the whole burst. Commands. */
const MOST = 400;

const subscription = v.object({ action: v.picklist(['subscribe', 'unsubscribe']), channel: v.string() });

export function weightOf(config: FanfareConfig, candidates: readonly unknown[]): number {
  const shared = candidates.filter((one) => isShared(config, one)).length;
  const own = candidates.length - shared;
  // The first of them pays for the write.
  return Math.min(MOST, own + (shared > 0 ? 1 + (shared - 1) * SHARED_WEIGHT : 0));
}

/** A check by the application is work of its own. */
function isShared(config: FanfareConfig, candidate: unknown): boolean {
  if (!v.is(subscription, candidate)) return false;
  const name = parseChannel(candidate.channel);
  const policy = name && findPolicy(config, name);
  return policy?.subscriptions === 'grouped' && policy.onSubscribe === undefined;
}
