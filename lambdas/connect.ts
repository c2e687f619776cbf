/** `$connect`: negotiates the subprotocol and stores the connection. Nothing can be sent to it from here (HS-15). */

import { Logger } from '@aws-lambda-powertools/logger';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import config from 'fanfare-config';
import { negotiate, SUBPROTOCOL } from 'fanfare-protocol/subprotocol';
import { dynamoConnections } from './aws/dynamo-connections.ts';
import { dynamoRevocations } from './aws/dynamo-revocations.ts';
import { dynamoShards } from './aws/dynamo-shards.ts';
import { dynamoSubscriptions } from './aws/dynamo-subscriptions.ts';
import { socketCloser } from './aws/outbound.ts';
import { type ConnectEvent, header, type ProxyResult, sessionOf } from './events/gateway-event.ts';
import { stageInfo } from './realtime/access/stage-info.ts';
import { accept } from './realtime/connections/accept.ts';
import { BATCH_SIZE } from './realtime/delivery/delivery-plan.ts';
import { logLines } from './realtime/log-lines.ts';
import { environmentOf } from './wiring/environment.ts';

const log = new Logger({ serviceName: 'connect' });
const environment = environmentOf('connect');
const policies = config(stageInfo(environment.STAGE));
const client = new DynamoDBClient();
const ports = {
  connections: dynamoConnections(client, {
    connections: environment.CONNECTIONS_TABLE,
    subscriptions: environment.SUBSCRIPTIONS_TABLE,
  }),
  subscriptions: dynamoSubscriptions(client, environment.SUBSCRIPTIONS_TABLE, BATCH_SIZE),
  shards: dynamoShards(client, environment.CHANNELS_TABLE, Date.now),
  revocations: dynamoRevocations(client, environment.REVOCATIONS_TABLE),
  outbound: socketCloser(environment),
  log,
  now: Date.now,
};

const refusals = {
  unsupported: {
    statusCode: 400,
    reason: 'The handshake offers subprotocols, and fanfare.v1 is not among them: offer it.',
  },
  revoked: {
    statusCode: 401,
    reason: 'The token was revoked: sign in again, and connect with a new token.',
  },
  'too many': {
    statusCode: 429,
    reason: 'This user has as many connections as a user may have: close some of them.',
  },
} as const;

export async function handler(event: ConnectEvent): Promise<ProxyResult> {
  const protocol = negotiate(header(event, 'sec-websocket-protocol'));
  if (protocol === 'unsupported') return refuse('unsupported', event);
  const acceptance = await accept(ports, policies, sessionOf(event));
  if (acceptance !== 'accepted') return refuse(acceptance, event);
  if (protocol === 'none') return { statusCode: 200 };
  // The gateway echoes nothing by itself (HS-11).
  return { statusCode: 200, headers: { 'Sec-WebSocket-Protocol': SUBPROTOCOL } };
}

/** The client learns only the status, and a page in a browser does not even learn that (HS-6, HS-7). */
function refuse(code: keyof typeof refusals, { requestContext }: ConnectEvent): ProxyResult {
  const { statusCode, reason } = refusals[code];
  log.info(logLines.handshakeRefused, { code, reason, connectionId: requestContext.connectionId });
  return { statusCode };
}
