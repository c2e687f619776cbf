/** The gateway's management API (`@connections`): the one place that knows the SDK's exceptions. */

import {
  ApiGatewayManagementApiClient,
  DeleteConnectionCommand,
  GoneException,
  PostToConnectionCommand,
} from '@aws-sdk/client-apigatewaymanagementapi';
import type { Outbound } from '../realtime/ports.ts';

/** A post that takes longer is given up: one stuck peer must not hold a whole broadcast. Milliseconds. */
const POST_TIMEOUT_MS = 5_000;
const CONNECT_TIMEOUT_MS = 1_000;

/** A client with keep-alive and a socket per post in flight. */
export function managementClient(endpoint: string, sockets: number): ApiGatewayManagementApiClient {
  return new ApiGatewayManagementApiClient({
    endpoint,
    requestHandler: {
      requestTimeout: POST_TIMEOUT_MS,
      connectionTimeout: CONNECT_TIMEOUT_MS,
      httpsAgent: { keepAlive: true, maxSockets: sockets },
      httpAgent: { keepAlive: true, maxSockets: sockets },
    },
  });
}

export function managementApi(client: ApiGatewayManagementApiClient): Outbound {
  return {
    async post(connectionId, frame) {
      try {
        await client.send(new PostToConnectionCommand({ ConnectionId: connectionId, Data: frame }));
        return 'sent';
      } catch (error) {
        if (error instanceof GoneException) return 'gone';
        throw error;
      }
    },

    async disconnect(connectionId) {
      try {
        await client.send(new DeleteConnectionCommand({ ConnectionId: connectionId }));
      } catch (error) {
        if (!(error instanceof GoneException)) throw error;
      }
    },
  };
}
