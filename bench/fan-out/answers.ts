/** What an endpoint answers to which request: a pure policy, told the time by its caller. */

import type * as v from 'valibot';
import { isAmong } from './connection-ids.ts';
import type { behaviour } from './endpoint-messages.ts';

/** A status, or what the endpoint does instead of answering. */
export type EndpointAnswer = 200 | 410 | 429 | 500 | 'reset' | 'silent';

/** `now` in milliseconds. */
export type Policy = (connectionId: string, now: number) => EndpointAnswer;

/** Requests may come ahead of the allowed pace by this long, as with the platform's own bucket. */
const BURST_MS = 50;

const SEED = 1;

export function policyOf(told: v.InferOutput<typeof behaviour>): Policy {
  const { allowedPerSecond, gone, error500, reset, silent } = told;
  const isAllowed = allowedPerSecond === undefined ? () => true : bucket(allowedPerSecond);
  const random = randomFrom(SEED);

  return (connectionId, now) => {
    if (!isAllowed(now)) return 429;
    if (gone > 0 && isAmong(gone, connectionId)) return 410;
    const chance = random();
    if (chance < error500) return 500;
    if (chance < error500 + reset) return 'reset';
    if (chance < error500 + reset + silent) return 'silent';
    return 200;
  };
}

/** A token bucket: true takes a token. */
function bucket(perSecond: number): (now: number) => boolean {
  const most = (perSecond * BURST_MS) / 1000;
  let tokens = most;
  let filledAt: number | undefined;
  return (now) => {
    tokens = Math.min(most, tokens + ((now - (filledAt ?? now)) * perSecond) / 1000);
    filledAt = now;
    if (tokens < 1) return false;
    tokens -= 1;
    return true;
  };
}

/** Numbers from 0 up to 1, the same ones from the same seed (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
