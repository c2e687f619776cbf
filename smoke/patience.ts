/** How long facts wait. */

import { CONNECTION_LIFETIME_MS, IDLE_TIMEOUT_MS } from 'fanfare-protocol/limits';

/** Milliseconds. */
export interface Patience {
  /** For a reply, a message, or a close frame. */
  readonly answerMs: number;
  /** Until a change is noticed by the functions that read change streams. */
  readonly noticedMs: number;
  /** Below this is the median of the times in which messages arrive. */
  readonly medianMs: number;
  /** Until a silent connection is closed. */
  readonly idleMs: number;
  /** Until any connection is closed. */
  readonly lifetimeMs: number;
}

export const PATIENCE: Patience = {
  // A cold function takes a few seconds.
  answerMs: 15_000,
  // Ten seconds of lingering, and the change streams.
  noticedMs: 30_000,
  // A post, and a second for a stage that is busy.
  medianMs: 2_000,
  idleMs: IDLE_TIMEOUT_MS,
  lifetimeMs: CONNECTION_LIFETIME_MS,
};

/** A laptop has no other machine for its functions, so that other programs make them wait. */
export const LOCAL_PATIENCE: Patience = { ...PATIENCE, medianMs: 20_000 };
