/** `$connect`: negotiates the subprotocol and stores the connection. Nothing can be sent to it from here (HS-15). */

import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import config from '../fanfare.config.ts';
import { negotiate, SUBPROTOCOL } from '../protocol/subprotocol.ts';
import { dynamoConnections } from './aws/dynamo-connections.ts';
import { dynamoRevocations } from './aws/dynamo-revocations.ts';
import { dynamoShards } from './aws/dynamo-shards.ts';
import { dynamoSubscriptions } from './aws/dynamo-subscriptions.ts';
import { environmentOf } from './environment.ts';
import { type ConnectEvent, header, type ProxyResult, sessionOf } from './gateway-event.ts';
import { accept } from './realtime/accept.ts';
import { BATCH_SIZE } from './realtime/delivery-plan.ts';

const environment = environmentOf('connect');
const policies = config({ local: environment.STAGE === 'local' });
const client = new DynamoDBClient();
const ports = {
  connections: dynamoConnections(client, {
    connections: environment.CONNECTIONS_TABLE,
    subscriptions: environment.SUBSCRIPTIONS_TABLE,
  }),
  subscriptions: dynamoSubscriptions(client, environment.SUBSCRIPTIONS_TABLE, BATCH_SIZE),
  shards: dynamoShards(client, environment.CHANNELS_TABLE, Date.now),
  revocations: dynamoRevocations(client, environment.REVOCATIONS_TABLE),
  now: Date.now,
};

const refusals = { revoked: { statusCode: 401 }, 'too many': { statusCode: 429 } } as const;

export async function handler(event: ConnectEvent): Promise<ProxyResult> {
  const protocol = negotiate(header(event, 'sec-websocket-protocol'));
  if (protocol === 'unsupported') return { statusCode: 400 };
  const acceptance = await accept(ports, policies, sessionOf(event));
  if (acceptance !== 'accepted') return refusals[acceptance];
  if (protocol === 'none') return { statusCode: 200 };
  // The gateway echoes nothing by itself (HS-11).
  return { statusCode: 200, headers: { 'Sec-WebSocket-Protocol': SUBPROTOCOL } };
}
