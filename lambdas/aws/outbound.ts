/** The way to clients: to sockets by the gateway's management API, to HTTP sessions by their mailboxes. */

import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  type HttpSessionStore,
  isHttpConnection,
  type Mailboxes,
} from '../realtime/connections/http-sessions.ts';
import type { Outbound, PostOutcome } from '../realtime/connections/outbound.ts';
import { isThrottling, refusalIn } from '../realtime/platform-refusal.ts';
import { dynamoHttpSessions } from './dynamo-http-sessions.ts';
import { dynamoMailboxes } from './dynamo-mailboxes.ts';
import { disconnector, managementApi, signatoryOf } from './management-api.ts';

interface Environment {
  readonly MANAGEMENT_ENDPOINT: string;
  readonly MAILBOXES_TABLE: string;
  readonly HTTP_SESSIONS_TABLE: string;
}

export function outboundFor(client: DynamoDBClient, environment: Environment): Outbound {
  return outboundOver({
    gateway: managementApi({ endpoint: environment.MANAGEMENT_ENDPOINT, signatory: signatoryOf(client) }),
    mailboxes: dynamoMailboxes(client, environment.MAILBOXES_TABLE, Date.now),
    sessions: dynamoHttpSessions(client, environment.HTTP_SESSIONS_TABLE),
  });
}

/** For functions that only close sockets, and post to few. A session over HTTP is over when its rows are deleted. */
export function socketCloser({
  MANAGEMENT_ENDPOINT: endpoint,
}: Pick<Environment, 'MANAGEMENT_ENDPOINT'>): Outbound {
  const gateway = disconnector({ endpoint });
  return {
    disconnect: async (connectionId) =>
      isHttpConnection(connectionId) ? 'gone' : gateway.disconnect(connectionId),
    post: async (connectionId, frame) =>
      isHttpConnection(connectionId) ? 'gone' : gateway.post(connectionId, frame),
  };
}

export interface Ways {
  readonly gateway: Outbound;
  readonly mailboxes: Pick<Mailboxes, 'put' | 'putClosed'>;
  readonly sessions: Pick<HttpSessionStore, 'end'>;
}

/** A post to a socket costs only one look at the connection id before it goes to the gateway. */
export function outboundOver({ gateway, mailboxes, sessions }: Ways): Outbound {
  return {
    ...(gateway.whyFailed && { whyFailed: gateway.whyFailed }),

    post: (connectionId, frame) =>
      isHttpConnection(connectionId)
        ? mailboxes.put(connectionId, frame).then(() => 'sent', outcomeOf)
        : gateway.post(connectionId, frame),

    async disconnect(connectionId) {
      if (!isHttpConnection(connectionId)) return gateway.disconnect(connectionId);
      // Ends the session first, so that a client that has read of the end cannot continue it.
      await sessions.end(connectionId);
      await mailboxes.putClosed(connectionId);
      return 'closed';
    },
  };
}

/**
 * A throttled table asks for a slower pace; the post is tried again. When the table refuses the request (no grant, no such table),
 * posts to sockets may still succeed.
 */
function outcomeOf(error: unknown): PostOutcome {
  if (isThrottling(error)) return 'throttled';
  const reason = refusalIn(error);
  return reason === undefined ? 'failed' : { refused: 'this post', reason };
}
