/** The function behind the URL for clients without WebSockets. */

import type { FunctionManifest } from './needs.ts';
import { LEAST_MB_TO_POST, toAdmit, toRunCommands } from './shared-needs.ts';

export const fallbackFunctions = {
  fallback: {
    purpose: 'Serves clients without WebSockets: event streams, polls and commands over HTTP',
    trigger: { kind: 'url' },
    // A stream costs time and memory, and mostly waits. So it has only the memory that the posts of its commands need.
    memoryMb: LEAST_MB_TO_POST,
    // The longest that Lambda allows: each time it is over, every stream has to come back.
    timeoutSeconds: 900,
    needs: {
      ...toAdmit,
      ...toRunCommands,
      STREAM_SECONDS: { kind: 'stream-seconds' },
      WAITING_PLACES: { kind: 'waiting-places' },
      SESSIONS_PER_ADDRESS: { kind: 'sessions-per-address' },
      REVOCATIONS_TABLE: { kind: 'table', table: 'revocations', actions: ['dynamodb:GetItem'] },
      CONNECTIONS_TABLE: {
        kind: 'table',
        table: 'connections',
        actions: [
          'dynamodb:BatchWriteItem',
          'dynamodb:GetItem',
          'dynamodb:UpdateItem',
          'dynamodb:DeleteItem',
        ],
      },
      SUBSCRIPTIONS_TABLE: {
        kind: 'table',
        table: 'subscriptions',
        actions: [
          'dynamodb:Query',
          'dynamodb:GetItem',
          'dynamodb:PutItem',
          'dynamodb:UpdateItem',
          'dynamodb:BatchWriteItem',
        ],
      },
      HTTP_SESSIONS_TABLE: {
        kind: 'table',
        table: 'httpSessions',
        actions: ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem'],
      },
      MAILBOXES_TABLE: {
        kind: 'table',
        table: 'mailboxes',
        actions: ['dynamodb:Query', 'dynamodb:PutItem', 'dynamodb:BatchWriteItem'],
      },
    },
  },
} as const satisfies Readonly<Record<string, FunctionManifest>>;
