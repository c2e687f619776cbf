/** Counts the outcome of each recipient of a broadcast, and keeps the reasons of refusals. */

import type { Refusal } from '../connections/outbound.ts';

/** Every recipient is in exactly one of the six groups. */
export interface Posted<Recipient> {
  readonly sent: number;
  /** The platform answered 410. */
  readonly gone: readonly Recipient[];
  /** Its time was over before it could be reached: it may not have the frame any more. */
  readonly expired: readonly Recipient[];
  /** Tried, and not reached in time, or not in five attempts. */
  readonly unreached: readonly Recipient[];
  /** Not tried, or refused because the account is over its quota: it says nothing about the client. */
  readonly late: readonly Recipient[];
  /** The platform refused the post, or would have: that is an error of ours. */
  readonly refused: readonly Recipient[];
  /** How many of the unreached were last answered with 429. */
  readonly throttled: number;
  /** The most frequent reason of the refusals. */
  readonly reason?: string;
  /** Whether the account is over its quota at the end. */
  readonly isOverQuota: boolean;
}

/**
 * The first posts of a batch show that the platform would refuse the rest as well. So a refusing platform costs a channel of
 * 1,000,000 connections no more posts than one of 100.
 */
const WALL_POSTS = 32;

export class PostTally<Recipient> {
  readonly gone: Recipient[] = [];
  readonly expired: Recipient[] = [];
  readonly unreached: Recipient[] = [];
  private readonly late: Recipient[] = [];
  private readonly refused: Recipient[] = [];
  private readonly reasons = new Map<string, number>();
  private accepted = 0;
  private throttled = 0;
  private refusedLikeAll = 0;

  /** Whether the platform has refused all posts so far, so that it would refuse the rest. */
  get isWall(): boolean {
    return this.accepted === 0 && this.refusedLikeAll >= WALL_POSTS;
  }

  /** The platform did its work. */
  accept(): void {
    this.accepted += 1;
  }

  refuse(recipient: Recipient, { refused, reason }: Refusal): void {
    this.refused.push(recipient);
    this.reasons.set(reason, (this.reasons.get(reason) ?? 0) + 1);
    if (refused === 'every post') this.refusedLikeAll += 1;
  }

  /** This batch posts no more frames to them. */
  giveUp(recipients: readonly Recipient[], throttled = 0): void {
    (this.isWall ? this.refused : this.unreached).push(...recipients);
    if (!this.isWall) this.throttled += throttled;
  }

  /** A later worker posts to them. */
  leaveLate(recipients: readonly Recipient[]): void {
    (this.isWall ? this.refused : this.late).push(...recipients);
  }

  posted(total: number): Omit<Posted<Recipient>, 'isOverQuota'> {
    const { gone, expired, unreached, late, refused, throttled } = this;
    const missed = gone.length + expired.length + unreached.length + late.length + refused.length;
    const [top] = [...this.reasons].toSorted(([, one], [, other]) => other - one);
    const reason = top && { reason: top[0] };
    return { sent: total - missed, gone, expired, unreached, late, refused, throttled, ...reason };
  }
}
