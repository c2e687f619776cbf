/** Decides whether missed recipients are slow or the platform refused us: a pure policy. */

import { QUOTA_REFUSALS } from './flow-control.ts';
import type { Posted } from './post-tally.ts';

export interface Missed<Recipient> {
  /** The platform took other posts of the same broadcast: these clients are tried again, and disconnected in the end. */
  readonly theirs: readonly Recipient[];
  /** The platform refused our posts, or accepted none: these clients are tried again, and never disconnected for it. */
  readonly ours: readonly Recipient[];
  /** The error of the platform, for the log. */
  readonly reason: string;
  /** No post was accepted: more posts of this broadcast would fail as well. */
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
 * If a few posts are answered 429, these clients read slowly (MG-10), and the platform works. If many are, the account is over
 * its quota, which is our fault. All other failures say nothing about the client.
 */
function isFewSlowClients({ unreached, throttled }: Posted<unknown>): boolean {
  return throttled === unreached.length && throttled < QUOTA_REFUSALS;
}
