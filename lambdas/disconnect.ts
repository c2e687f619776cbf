/** `$disconnect`: forgets the connection. Best effort on the platform's side (DC-1), so 410 and TTL do the same. */

import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { dynamoConnections } from './aws/dynamo-connections.ts';
import { dynamoSubscriptions } from './aws/dynamo-subscriptions.ts';
import type { GatewayEvent, ProxyResult } from './events/gateway-event.ts';
import { forget } from './realtime/connections/membership.ts';
import { BATCH_SIZE } from './realtime/delivery/delivery-plan.ts';
import { environmentOf } from './wiring/environment.ts';

const environment = environmentOf('disconnect');
const client = new DynamoDBClient();
const subscriptions = dynamoSubscriptions(client, environment.SUBSCRIPTIONS_TABLE, BATCH_SIZE);
const connections = dynamoConnections(client, {
  connections: environment.CONNECTIONS_TABLE,
  subscriptions: environment.SUBSCRIPTIONS_TABLE,
});

export async function handler({ requestContext }: GatewayEvent): Promise<ProxyResult> {
  await forget({ connections, subscriptions }, requestContext.connectionId);
  return { statusCode: 200 };
}
