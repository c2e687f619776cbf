/** A function that posts to many connections as most do: by the SDK's client, all at once. */

import {
  ApiGatewayManagementApiClient,
  PostToConnectionCommand,
} from '@aws-sdk/client-apigatewaymanagementapi';
import { type BroadcastEvent, broadcastOf } from './broadcast-event.ts';

const client = new ApiGatewayManagementApiClient({ endpoint: process.env['MANAGEMENT_ENDPOINT'] ?? '' });

export async function handler(event: BroadcastEvent) {
  const { connectionIds, data } = broadcastOf(event);
  await Promise.all(
    connectionIds.map((ConnectionId) =>
      client.send(new PostToConnectionCommand({ ConnectionId, Data: data })),
    ),
  );
  return { statusCode: 200, body: 'posted' };
}
