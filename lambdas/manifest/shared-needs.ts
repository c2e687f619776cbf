/** Groups of needs that several functions share. */

import type { Need } from './needs.ts';

/**
 * The least memory of a function that posts to connections. A post to a new socket is a TLS handshake, which is CPU, and Lambda
 * gives CPU by memory: 1,769 MB is one core. A cold function opens 32 sockets at once (`flow-control.ts`). At 256 MB, a
 * seventh of a core, their handshakes alone can take longer than a post may.
 */
export const LEAST_MB_TO_POST = 512;

/** To put frames into the mailboxes of HTTP sessions, and to end these. */
export const toReachMailboxes = {
  MAILBOXES_TABLE: { kind: 'table', table: 'mailboxes', actions: ['dynamodb:PutItem'] },
  HTTP_SESSIONS_TABLE: { kind: 'table', table: 'httpSessions', actions: ['dynamodb:DeleteItem'] },
} as const satisfies Readonly<Record<string, Need>>;

/** To read a shard, post to its connections, forget those that are gone, and start workers for the rest. */
export const toReachSubscribers = {
  CONNECTIONS_TABLE: { kind: 'table', table: 'connections', actions: ['dynamodb:DeleteItem'] },
  SUBSCRIPTIONS_TABLE: {
    kind: 'table',
    table: 'subscriptions',
    actions: ['dynamodb:Query', 'dynamodb:BatchWriteItem'],
  },
  MANAGEMENT_ENDPOINT: { kind: 'management-api', methods: ['POST', 'DELETE'] },
  ...toReachMailboxes,
  // Frames that wait for the quota are noted, so that older ones are dropped for newer ones.
  DELIVERY_CLAIMS_TABLE: { kind: 'table', table: 'deliveryClaims', actions: ['dynamodb:UpdateItem'] },
  DELIVERY_WORKER: { kind: 'delivery-worker' },
  POSTS_PER_SECOND: { kind: 'posts-per-second' },
} as const satisfies Readonly<Record<string, Need>>;

/** To learn how many shards a channel has. */
const toFindShards = {
  CHANNELS_TABLE: { kind: 'table', table: 'channels', actions: ['dynamodb:GetItem'] },
} as const satisfies Readonly<Record<string, Need>>;

/** To keep how far users have read. */
const toKeepPositions = {
  READ_POSITIONS_TABLE: {
    kind: 'table',
    table: 'readPositions',
    actions: ['dynamodb:GetItem', 'dynamodb:UpdateItem'],
  },
} as const satisfies Readonly<Record<string, Need>>;

/** To list members, and to start the worker for users whose linger should have ended. */
export const toSeeMembers = {
  PRESENCE_TABLE: { kind: 'table', table: 'presence', actions: ['dynamodb:Query'] },
  FAREWELL_WORKER: { kind: 'farewell-worker' },
} as const satisfies Readonly<Record<string, Need>>;

/** To announce joins and leaves, and to mark them as announced. */
export const toAnnounce = {
  ...toReachSubscribers,
  ...toFindShards,
  PRESENCE_TABLE: {
    kind: 'table',
    table: 'presence',
    actions: ['dynamodb:GetItem', 'dynamodb:UpdateItem'],
  },
  EVENT_SOURCE: { kind: 'event-source', group: 'members' },
} as const satisfies Readonly<Record<string, Need>>;

/** To admit or refuse a handshake. */
export const toAdmit = {
  STAGE: { kind: 'stage' },
  TOKEN_SECRET: { kind: 'token-secret' },
  ISSUERS: { kind: 'issuers' },
  CLOCK_SKEW: { kind: 'clock-skew' },
  ORIGINS: { kind: 'origins' },
  ORIGIN_KEY_SECRET: { kind: 'origin-key' },
} as const satisfies Readonly<Record<string, Need>>;

/** To append messages to channels' logs, and to send them to every subscriber. */
export const toPublish = {
  ...toReachSubscribers,
  CHANNELS_TABLE: {
    kind: 'table',
    table: 'channels',
    actions: ['dynamodb:GetItem', 'dynamodb:UpdateItem'],
  },
  MESSAGES_TABLE: {
    kind: 'table',
    table: 'messages',
    actions: ['dynamodb:Query', 'dynamodb:GetItem', 'dynamodb:PutItem'],
  },
  VALUES_TABLE: { kind: 'table', table: 'values', actions: ['dynamodb:PutItem'] },
  // Read if a rule of the application refuses a message that may have been published before, and for the other keys of a batch that
  // is repeated. Updated to point a key at its message, when a batch was sent, and to run idempotent actions of the application's own once for a key.
  PUBLISH_KEYS_TABLE: {
    kind: 'table',
    table: 'publishKeys',
    actions: ['dynamodb:GetItem', 'dynamodb:UpdateItem'],
  },
} as const satisfies Readonly<Record<string, Need>>;

/** To publish, and to edit messages as well. */
export const toEdit = {
  MESSAGES_TABLE: {
    kind: 'table',
    table: 'messages',
    actions: [...toPublish.MESSAGES_TABLE.actions, 'dynamodb:UpdateItem'],
  },
} as const satisfies Readonly<Record<string, Need>>;

/** To run the commands of clients, over sockets and over HTTP. */
export const toRunCommands = {
  ...toPublish,
  ...toKeepPositions,
  ...toSeeMembers,
  ...toEdit,
  VALUES_TABLE: { kind: 'table', table: 'values', actions: ['dynamodb:PutItem', 'dynamodb:Query'] },
  // To limit the rate of each connection.
  CHARGES_TABLE: {
    kind: 'table',
    table: 'charges',
    actions: ['dynamodb:GetItem', 'dynamodb:UpdateItem'],
  },
  CONNECTIONS_TABLE: {
    kind: 'table',
    table: 'connections',
    actions: ['dynamodb:GetItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem'],
  },
  SUBSCRIPTIONS_TABLE: {
    kind: 'table',
    table: 'subscriptions',
    // Rows of groups are updated. They are read if they may be full, or if another token has made them.
    actions: [
      'dynamodb:Query',
      'dynamodb:GetItem',
      'dynamodb:PutItem',
      'dynamodb:UpdateItem',
      'dynamodb:BatchWriteItem',
    ],
  },
  STAGE: { kind: 'stage' },
} as const satisfies Readonly<Record<string, Need>>;
