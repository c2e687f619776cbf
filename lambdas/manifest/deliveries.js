/** The functions that finish broadcasts after their publisher has replied. */
import { LEAST_MB_TO_POST, toReachSubscribers } from './shared-needs.js';
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
        purpose: 'Disconnects clients that no delivery reached, and repeats farewells that failed',
        trigger: { kind: 'asynchronous' },
        memoryMb: LEAST_MB_TO_POST,
        timeoutSeconds: 60,
        needs: { ...toReachSubscribers, FAREWELL_WORKER: { kind: 'farewell-worker' } },
    },
};
