/**
 * Whose turn it is to deliver a packed channel, and how far it was delivered. Both are kept with the head of the channel, so that one
 * request returns them together. Each method is one request.
 */

import type { Head } from './log-store.ts';

export interface PackedHead extends Head {
  /** Everything up to this number was posted to all subscribers, or is in the care of workers. `undefined` before the first time. */
  readonly delivered?: number;
}

/** One worker's right to deliver a channel. */
export interface Turn {
  /** Unique. */
  readonly worker: string;
  /** From then on another worker may take the turn. Milliseconds since 1970. */
  readonly until: number;
}

export interface TurnStore {
  /** Strongly consistent; `undefined` for a channel without a message. */
  look(channel: string): Promise<PackedHead | undefined>;
  /**
   * Takes the turn, unless another worker has it and its time is not over.
   *
   * @param now milliseconds since 1970.
   * @returns the head as it is then; `undefined` if another worker has the turn.
   */
  take(channel: string, turn: Turn, now: number): Promise<PackedHead | undefined>;
  /** Notes that the channel was delivered up to a number, and gives the turn back. Does nothing if another worker has taken it. */
  finish(channel: string, worker: string, delivered: number): Promise<void>;
}
