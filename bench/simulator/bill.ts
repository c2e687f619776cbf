/** Computes the cost of a broadcast. */

import { manifest } from '../../lambdas/manifest/manifest.ts';
import { prices } from './prices.ts';
import type { Tally } from './tally.ts';

/** Dollars. */
export interface BroadcastCost {
  readonly gateway: number;
  readonly lambda: number;
  readonly dynamo: number;
  readonly total: number;
}

/** The publish and the reply to it are messages, too. */
const PUBLISH_MESSAGES = 2;

/** The publisher and the workers have the same: a core. */
const MEMORY_GB = manifest.deliver.memoryMb / 1024;

export function billOf(tally: Tally): BroadcastCost {
  const gateway = (tally.metered + PUBLISH_MESSAGES) * prices.gatewayMessage.each;
  const lambda =
    tally.invocations * prices.lambdaRequest.each + gbSecondsOf(tally) * prices.lambdaGbSecond.each;
  const dynamo = tally.readUnits * prices.dynamoRead.each + tally.writeUnits * prices.dynamoWrite.each;
  return { gateway, lambda, dynamo, total: gateway + lambda + dynamo };
}

function gbSecondsOf({ billedMs }: Tally): number {
  return (billedMs / 1000) * MEMORY_GB;
}
