/** Decides whether missed recipients are slow or the platform refused us: a pure policy. */

import { QUOTA_REFUSALS } from './flow-control.ts';
import type { Posted } from './post-tally.ts';

export interface Missed<Recipient> {
  /** The platform took other posts of the same broadcast: these clients are tried again, and disconnected in the end. */
  readonly theirs: readonly Recipient[];
  /** The platform refused us, or took nothing from us: these clients are tried again, and never disconnected for it. */
  readonly ours: readonly Recipient[];
  /** What the platform said to us; for the log. */
  readonly reason: string;
  /** Nothing was accepted: more posts of this broadcast would only fail as well. */
  readonly isWall: boolean;
}

/** @param works the platform took posts of this broadcast before: a client that is unreached now is slow, or broken. */
export function missedOf<Recipient>(
  posted: Posted<Recipient>,
  works: boolean,
  whyFailed = 'it answered no post',
): Missed<Recipient> {
  const { sent, gone, unreached, refused, reason } = posted;
  const isAccepted = sent + gone.length > 0;
  const isTheirs = works || isAccepted || isFewSlowClients(posted);
  const ours = isTheirs ? refused : [...refused, ...unreached];
  const theirs = isTheirs ? unreached : [];
  const isWall = !isAccepted && theirs.length === 0 && ours.length > 0;
  return { theirs, ours, reason: reason ?? whyFailed, isWall };
}

/**
 * 429 for a few is about them (MG-10): the platform works. For many it is the account's quota, and that is ours. All other
 * failures say nothing of the client.
 */
function isFewSlowClients({ unreached, throttled }: Posted<unknown>): boolean {
  return throttled === unreached.length && throttled < QUOTA_REFUSALS;
}
