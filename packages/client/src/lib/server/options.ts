/** The options with which a server repeats its requests. */

import * as v from 'valibot';
import { type Clock, systemClock } from '../platform/clock.ts';
import { checked } from './checked.ts';

export interface RepetitionOptions {
  /**
   * How often `publish` and `revoke` send a request again that failed for now. With all times at their most, the last repetition
   * begins within the ten minutes for which a key is known. From 0 to 5. @default 3
   */
  readonly retries?: number;
  /** How long each attempt of `publish` may take, up to 60,000. Milliseconds. @default 10 seconds */
  readonly timeoutMs?: number;
  /** Returns a number in [0, 1). @default Math.random */
  readonly random?: () => number;
  /** @default the system's clock */
  readonly clock?: Clock;
}

const RETRIES_RULE = 'it is a whole number from 0 to 5';
const TIMEOUT_RULE = 'it is a number of milliseconds from 1 to 60,000';

const settings = v.object({
  retries: v.optional(
    v.pipe(
      v.number(RETRIES_RULE),
      v.integer(RETRIES_RULE),
      v.minValue(0, RETRIES_RULE),
      v.maxValue(5, RETRIES_RULE),
    ),
    3,
  ),
  timeoutMs: v.optional(
    v.pipe(v.number(TIMEOUT_RULE), v.minValue(1, TIMEOUT_RULE), v.maxValue(60_000, TIMEOUT_RULE)),
    10_000,
  ),
});

/** @throws FanfareError `bad-request` for a number out of its range. */
export function repetitionOptions({
  random = Math.random,
  clock = systemClock,
  ...given
}: RepetitionOptions) {
  return { ...checked(settings, given, 'FanfareServer'), random, clock };
}
