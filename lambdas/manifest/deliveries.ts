/** The functions that finish broadcasts after their publisher has replied. */

import type { FunctionManifest } from './needs.ts';
import { LEAST_MB_TO_POST, toReachSubscribers } from './shared-needs.ts';

/** Of the channels of a namespace. `@all` is a channel itself. */
const prefixOf = (namespace: string) => (namespace === '@all' ? namespace : { prefix: `${namespace}:` });

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
  pack: {
    purpose: 'Delivers the messages of packed channels',
    trigger: {
      kind: 'stream',
      table: 'messages',
      changes: (_namespaces, packed) => [
        {
          eventName: ['INSERT'],
          dynamodb: { Keys: { channel: { S: packed.map(prefixOf) } } },
        },
      ],
      gatherSeconds: 'of the configuration',
      // The messages of one channel are in one shard. With several runs, each would send a frame of its own.
      takesAll: true,
    },
    onlyFor: 'packed namespaces',
    memoryMb: 1769,
    // A batch may have hundreds of channels, and each may be posted for three seconds.
    timeoutSeconds: 120,
    needs: {
      ...toReachSubscribers,
      // The head, and how far the channel was delivered.
      CHANNELS_TABLE: {
        kind: 'table',
        table: 'channels',
        actions: ['dynamodb:GetItem', 'dynamodb:UpdateItem'],
      },
      // Numbers whose writer has died are sealed.
      MESSAGES_TABLE: {
        kind: 'table',
        table: 'messages',
        actions: ['dynamodb:Query', 'dynamodb:GetItem', 'dynamodb:PutItem'],
      },
      STAGE: { kind: 'stage' },
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
