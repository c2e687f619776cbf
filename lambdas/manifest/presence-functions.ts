/** The functions that keep and announce presence. */

import type { FunctionManifest } from './needs.ts';
import { LEAST_MB_TO_POST, toAnnounce } from './shared-needs.ts';

/** Of a row that counts. */
const MEMBER = { isMember: { BOOL: [true] } } as const;

export const presenceFunctions = {
  presence: {
    purpose: 'Keeps who is in which channel, and tells who comes',
    trigger: {
      kind: 'stream',
      table: 'subscriptions',
      // The filter drops channels without presence and connections without a user, so these cost nothing.
      changes: () => [{ dynamodb: { NewImage: MEMBER } }, { dynamodb: { OldImage: MEMBER } }],
      // Users see who comes, and a window would delay them by whole seconds.
      gatherSeconds: 0,
    },
    memoryMb: 1769,
    // Enough for a batch of the stream, in which each change may take three seconds to announce.
    timeoutSeconds: 120,
    needs: {
      ...toAnnounce,
      // To find a connection of a user that the stream has not reported yet.
      CONNECTIONS_TABLE: {
        kind: 'table',
        table: 'connections',
        actions: ['dynamodb:GetItem', 'dynamodb:DeleteItem'],
      },
      SUBSCRIPTIONS_TABLE: {
        kind: 'table',
        table: 'subscriptions',
        actions: ['dynamodb:Query', 'dynamodb:GetItem', 'dynamodb:BatchWriteItem'],
      },
      FAREWELL_WORKER: { kind: 'farewell-worker' },
      STAGE: { kind: 'stage' },
    },
  },
  farewell: {
    purpose: 'Waits for who may come back or has to wait, and tells who has left or come',
    trigger: { kind: 'asynchronous', onFailure: 'release' },
    bounded: 'farewell',
    // It costs memory while it waits, so it has only as much as its posts need.
    memoryMb: LEAST_MB_TO_POST,
    // One execution waits for all users of the stage, and starts the next one when its time is over: the longest that Lambda allows.
    timeoutSeconds: 900,
    needs: {
      ...toAnnounce,
      DUE_INDEX: { kind: 'index', table: 'presence', index: 'ByDue' },
      FAREWELL_WORKER: { kind: 'farewell-worker' },
    },
  },
} as const satisfies Readonly<Record<string, FunctionManifest>>;
