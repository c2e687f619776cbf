/** The functions that finish broadcasts when nobody waits for them. */

import type { FunctionManifest } from './needs.ts';
import { toReachSubscribers } from './shared-needs.ts';

export const deliveryFunctions = {
  deliver: {
    purpose: 'Posts one batch of a broadcast',
    trigger: { kind: 'asynchronous', onFailure: 'release' },
    memoryMb: 1769,
    // Twice the longest that a worker waits and posts (`delivery-plan.ts`).
    timeoutSeconds: 60,
    needs: {
      ...toReachSubscribers,
      DELIVERY_CLAIMS_TABLE: { kind: 'table', table: 'deliveryClaims', actions: ['dynamodb:UpdateItem'] },
    },
  },
  release: {
    purpose: 'Disconnects those whom no delivery reached, and repeats farewells that failed',
    trigger: { kind: 'asynchronous' },
    memoryMb: 512,
    timeoutSeconds: 60,
    needs: { ...toReachSubscribers, FAREWELL_WORKER: { kind: 'farewell-worker' } },
  },
} as const satisfies Readonly<Record<string, FunctionManifest>>;
