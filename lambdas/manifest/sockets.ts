/** The functions behind the WebSocket API. */

import type { FunctionManifest } from './needs.ts';
import { LEAST_MB_TO_POST, toAdmit, toRunCommands } from './shared-needs.ts';

/** To close connections and to forget them. What cannot be deleted now is noted for the next sweep. */
const toClose = {
  CONNECTIONS_TABLE: {
    kind: 'table',
    table: 'connections',
    actions: ['dynamodb:UpdateItem', 'dynamodb:DeleteItem'],
  },
  SUBSCRIPTIONS_TABLE: { kind: 'table', table: 'subscriptions', actions: ['dynamodb:BatchWriteItem'] },
  MANAGEMENT_ENDPOINT: { kind: 'management-api', methods: ['DELETE'] },
} as const satisfies FunctionManifest['needs'];

export const socketFunctions = {
  authorize: {
    purpose: 'Decides who may connect, and as whom',
    trigger: { kind: 'authorizer' },
    memoryMb: 512,
    // Two rounds of fetching keys, which take 5 s at most, and the longest budget of `onConnect`, which is 5 s.
    timeoutSeconds: 17,
    needs: toAdmit,
  },
  connect: {
    purpose: 'Accepts a connection and stores it',
    trigger: { kind: 'route', key: '$connect', replies: false },
    memoryMb: 256,
    timeoutSeconds: 10,
    needs: {
      STAGE: { kind: 'stage' },
      // If a user has too many connections, it closes those whose token has ended, and looks for those that have ended unnoticed.
      MANAGEMENT_ENDPOINT: { kind: 'management-api', methods: ['POST', 'DELETE'] },
      CONNECTIONS_TABLE: {
        kind: 'table',
        table: 'connections',
        actions: ['dynamodb:BatchWriteItem', 'dynamodb:DeleteItem'],
      },
      REVOCATIONS_TABLE: { kind: 'table', table: 'revocations', actions: ['dynamodb:GetItem'] },
      SUBSCRIPTIONS_TABLE: {
        kind: 'table',
        table: 'subscriptions',
        actions: ['dynamodb:BatchWriteItem', 'dynamodb:Query'],
      },
      CHANNELS_TABLE: {
        kind: 'table',
        table: 'channels',
        actions: ['dynamodb:GetItem', 'dynamodb:UpdateItem'],
      },
    },
  },
  disconnect: {
    purpose: 'Forgets a connection and its subscriptions',
    trigger: { kind: 'route', key: '$disconnect', replies: false },
    memoryMb: 256,
    timeoutSeconds: 10,
    needs: {
      CONNECTIONS_TABLE: toClose.CONNECTIONS_TABLE,
      SUBSCRIPTIONS_TABLE: toClose.SUBSCRIPTIONS_TABLE,
    },
  },
  'close-expired': {
    purpose: 'Closes connections whose token has ended, and follows a worker of presence that died',
    trigger: { kind: 'schedule', everyMinutes: 1 },
    memoryMb: LEAST_MB_TO_POST,
    // Until the next one begins.
    timeoutSeconds: 60,
    needs: {
      ...toClose,
      EXPIRY_INDEX: { kind: 'index', table: 'connections', index: 'ByEnd' },
      PRESENCE_TABLE: { kind: 'table', table: 'presence', actions: ['dynamodb:UpdateItem'] },
      DUE_INDEX: { kind: 'index', table: 'presence', index: 'ByDue' },
      FAREWELL_WORKER: { kind: 'farewell-worker' },
    },
  },
  default: {
    purpose: 'Runs client commands',
    trigger: { kind: 'route', key: '$default', replies: true },
    // CPU comes with memory, and a broadcast is CPU: 1769 MB is one full core.
    memoryMb: 1769,
    // Just under the longest that the gateway waits for an integration (29 s).
    timeoutSeconds: 28,
    needs: toRunCommands,
  },
} as const satisfies Readonly<Record<string, FunctionManifest>>;
