/** A situation: what happens on the network, for how long, and which figures the client must reach in it. */

import type { Stage } from './stage.ts';

/** The most that a figure may be. */
export interface Bounds {
  /** Bytes downloaded over bytes needed. */
  readonly bytesOverNeeded?: number;
  /** Milliseconds. */
  readonly lateP99?: number;
  readonly attemptsPerMinute?: number;
  /** The share of the clients that attempts to connect in one second. */
  readonly worstSecond?: number;
}

export interface Situation {
  readonly name: string;
  /** What happens, for the page. */
  readonly about: string;
  /** Whether the channels have history, so that a message may be neither missed nor come twice. */
  readonly hasHistory: boolean;
  readonly lastsMs: number;
  readonly bounds?: Bounds;
  /** From here on attempts count for the worst second. Milliseconds. */
  readonly stormFrom?: number;
  /** Messages count as late only after the first that was later than this has arrived: the client must learn from it. Milliseconds. */
  readonly learnsFromLateMs?: number;
  /** The device of the only visitor takes the place of this process's platform: its clocks, its timers and its page. */
  readonly onPlatform?: true;
  /** Prepares everything; then time passes. */
  play(stage: Stage, page: Page): void;
}

/** Of the only visitor, if the situation is one of the platform. */
export interface Page {
  /** The person comes back to the page. */
  show(): void;
}

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
