/** Decides how an endpoint answers each request. A pure policy: its caller passes the time. */

import type * as v from 'valibot';
import { TokenBucket } from '../../packages/local/src/gateway/token-bucket.ts';
import { randomFrom } from '../../packages/local/src/seeded-random.ts';
import { isAmong } from './connection-ids.ts';
import type { behaviour } from './endpoint-messages.ts';

/** A status, or the action that the endpoint takes instead of answering. */
export type EndpointAnswer = 200 | 410 | 429 | 500 | 'reset' | 'silent';

/** `now` in milliseconds. */
export type Policy = (connectionId: string, now: number) => EndpointAnswer;

/** Requests may come ahead of the allowed pace by this long, as with the platform's own bucket. */
const BURST_MS = 50;

const SEED = 1;

export function policyOf(told: v.InferOutput<typeof behaviour>): Policy {
  const { allowedPerSecond, gone, error500, reset, silent } = told;
  const bucket = bucketOf(allowedPerSecond);
  const random = randomFrom(SEED);

  return (connectionId, now) => {
    if (bucket && !bucket.tryTake(now)) return 429;
    if (gone > 0 && isAmong(gone, connectionId)) return 410;
    const chance = random();
    if (chance < error500) return 500;
    if (chance < error500 + reset) return 'reset';
    if (chance < error500 + reset + silent) return 'silent';
    return 200;
  };
}

function bucketOf(ratePerSecond: number | undefined): TokenBucket | undefined {
  if (ratePerSecond === undefined) return undefined;
  return new TokenBucket({ ratePerSecond, burst: (ratePerSecond * BURST_MS) / 1000 });
}
