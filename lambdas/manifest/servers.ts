/** The functions that servers, other AWS services and operators call. */

import type { FunctionManifest } from './needs.ts';
import {
  LEAST_MB_TO_POST,
  toEdit,
  toPublish,
  toReachMailboxes,
  toReachSubscribers,
  toSeeMembers,
} from './shared-needs.ts';

export const serverFunctions = {
  'authorize-api': {
    purpose: 'Decides which servers may use the HTTP API',
    trigger: { kind: 'http-authorizer' },
    memoryMb: 512,
    timeoutSeconds: 10,
    needs: {
      STAGE: { kind: 'stage' },
      TOKEN_SECRET: { kind: 'token-secret' },
      CLOCK_SKEW: { kind: 'clock-skew' },
      REVOCATIONS_TABLE: { kind: 'table', table: 'revocations', actions: ['dynamodb:GetItem'] },
    },
  },
  api: {
    purpose: 'Runs the operations of the HTTP API for servers',
    trigger: { kind: 'http' },
    memoryMb: 1769,
    // Just under the longest that the gateway waits for an integration (30 s).
    timeoutSeconds: 29,
    needs: {
      ...toPublish,
      ...toSeeMembers,
      ...toEdit,
      VALUES_TABLE: { kind: 'table', table: 'values', actions: ['dynamodb:PutItem', 'dynamodb:Query'] },
      CONNECTIONS_TABLE: {
        kind: 'table',
        table: 'connections',
        actions: ['dynamodb:GetItem', 'dynamodb:Scan', 'dynamodb:DeleteItem'],
      },
      // To show which channels of a group a connection follows.
      SUBSCRIPTIONS_TABLE: {
        kind: 'table',
        table: 'subscriptions',
        actions: ['dynamodb:Query', 'dynamodb:GetItem', 'dynamodb:BatchWriteItem'],
      },
      CHANNELS_TABLE: {
        kind: 'table',
        table: 'channels',
        actions: ['dynamodb:GetItem', 'dynamodb:UpdateItem', 'dynamodb:Scan'],
      },
      OCCUPANCY_TABLE: { kind: 'table', table: 'occupancy', actions: ['dynamodb:Scan'] },
      REVOCATIONS_TABLE: { kind: 'table', table: 'revocations', actions: ['dynamodb:UpdateItem'] },
      READ_POSITIONS_TABLE: {
        kind: 'table',
        table: 'readPositions',
        actions: ['dynamodb:GetItem', 'dynamodb:DeleteItem'],
      },
      STAGE: { kind: 'stage' },
    },
  },
  'publish-event': {
    purpose: 'Publishes what comes as an event',
    trigger: { kind: 'event', detailType: 'fanfare.publish' },
    memoryMb: 1769,
    timeoutSeconds: 29,
    needs: { ...toPublish, STAGE: { kind: 'stage' } },
  },
  revoke: {
    purpose: 'Makes the tokens of a user worthless and closes their connections',
    trigger: { kind: 'operator' },
    memoryMb: LEAST_MB_TO_POST,
    timeoutSeconds: 60,
    needs: {
      REVOCATIONS_TABLE: { kind: 'table', table: 'revocations', actions: ['dynamodb:UpdateItem'] },
      CONNECTIONS_TABLE: toReachSubscribers.CONNECTIONS_TABLE,
      SUBSCRIPTIONS_TABLE: toReachSubscribers.SUBSCRIPTIONS_TABLE,
      MANAGEMENT_ENDPOINT: { kind: 'management-api', methods: ['DELETE'] },
      ...toReachMailboxes,
    },
  },
} as const satisfies Readonly<Record<string, FunctionManifest>>;
