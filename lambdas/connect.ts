/** `$connect`: negotiates the subprotocol and stores the connection. Nothing can be sent to it from here (HS-15). */

import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { negotiate, SUBPROTOCOL } from '../protocol/subprotocol.ts';
import { dynamoConnections } from './aws/dynamo-connections.ts';
import { environmentOf } from './environment.ts';
import { type ConnectEvent, header, type ProxyResult, sessionOf } from './gateway-event.ts';
import { open } from './realtime/membership.ts';

const environment = environmentOf('connect');
const connections = dynamoConnections(new DynamoDBClient(), {
  connections: environment.CONNECTIONS_TABLE,
  subscriptions: environment.SUBSCRIPTIONS_TABLE,
});

export async function handler(event: ConnectEvent): Promise<ProxyResult> {
  const protocol = negotiate(header(event, 'sec-websocket-protocol'));
  if (protocol === 'unsupported') return { statusCode: 400 };
  await open({ connections }, sessionOf(event));
  if (protocol === 'none') return { statusCode: 200 };
  // The gateway echoes nothing by itself (HS-11).
  return { statusCode: 200, headers: { 'Sec-WebSocket-Protocol': SUBPROTOCOL } };
}
