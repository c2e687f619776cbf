/** The functions that finish broadcasts after their publisher has replied. */

import type { FunctionManifest } from './needs.ts';
import { LEAST_MB_TO_POST, toReachSubscribers } from './shared-needs.ts';

export const deliveryFunctions = {
  deliver: {
    purpose: 'Posts one batch of a broadcast',
    trigger: { kind: 'asynchronous', onFailure: 'release' },
    bounded: 'deliver',
    memoryMb: 1769,
    // Twice the longest that a worker waits and posts (`delivery-plan.ts`).
    timeoutSeconds: 60,
    needs: {
      ...toReachSubscribers,
      // To make a channel narrow again that has more shards than subscribers need (`narrowing.ts`).
      CHANNELS_TABLE: {
        kind: 'table',
        table: 'channels',
        actions: ['dynamodb:GetItem', 'dynamodb:UpdateItem'],
      },
      DELIVERY_CLAIMS_TABLE: {
        kind: 'table',
        table: 'deliveryClaims',
        actions: ['dynamodb:UpdateItem', 'dynamodb:GetItem'],
      },
    },
  },
  release: {
    purpose: 'Disconnects clients that no delivery reached, and repeats farewells that failed',
    trigger: { kind: 'asynchronous' },
    memoryMb: LEAST_MB_TO_POST,
    timeoutSeconds: 60,
    needs: { ...toReachSubscribers, FAREWELL_WORKER: { kind: 'farewell-worker' } },
  },
} as const satisfies Readonly<Record<string, FunctionManifest>>;
