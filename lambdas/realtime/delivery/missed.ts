/** Decides whether missed recipients are slow or the platform refused us: a pure policy. */

import { QUOTA_REFUSALS } from './container-pace.ts';
import type { Posted } from './post-tally.ts';

export interface Missed<Recipient> {
  /** The platform took other posts of the same broadcast: these clients are tried again, and disconnected in the end. */
  readonly theirs: readonly Recipient[];
  /** The platform refused our posts, or accepted none: these clients are tried again, and never disconnected for it. */
  readonly ours: readonly Recipient[];
  /** There was no time or no quota for these clients: they are tried as soon as there is, and never disconnected for it. */
  readonly late: readonly Recipient[];
  /** The error of the platform, for the log. */
  readonly reason: string;
  /** No post was accepted: more posts of this broadcast would fail as well. */
  readonly isWall: boolean;
}

/** The reason for the log when nothing but the quota stands in the way. */
const OVER_QUOTA = 'The account is over its quota of requests (429)';

/** @param works the platform took posts of this broadcast before: a client that is unreached now is slow, or broken. */
export function missedOf<Recipient>(
  posted: Posted<Recipient>,
  works: boolean,
  whyFailed = 'it answered no post',
): Missed<Recipient> {
  const { sent, gone, unreached, refused, reason, isOverQuota } = posted;
  const isAccepted = sent + gone.length > 0;
  const isTheirs = works || isAccepted || isFewSlowClients(posted);
  // If nothing was accepted, and not for the quota, clients that were not tried would have failed as well.
  const late = isTheirs || isOverQuota ? posted.late : [];
  const ours = isTheirs ? refused : [...refused, ...unreached, ...(isOverQuota ? [] : posted.late)];
  const theirs = isTheirs ? unreached : [];
  const isWall = !isAccepted && theirs.length === 0 && ours.length + late.length > 0;
  return { theirs, ours, late, reason: reason ?? (isOverQuota ? OVER_QUOTA : whyFailed), isWall };
}

/**
 * If a few posts are answered 429, these clients read slowly (MG-10), and the platform works. If many are, the account is over
 * its quota, which is our fault. All other failures say nothing about the client.
 */
function isFewSlowClients({ unreached, throttled }: Posted<unknown>): boolean {
  return throttled > 0 && throttled === unreached.length && throttled < QUOTA_REFUSALS;
}
