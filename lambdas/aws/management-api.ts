/** The gateway's management API (`@connections`): the one place that knows the SDK's exceptions. */

import {
  ApiGatewayManagementApiClient,
  DeleteConnectionCommand,
  GoneException,
  PostToConnectionCommand,
} from '@aws-sdk/client-apigatewaymanagementapi';
import type { Outbound } from '../realtime/ports.ts';
import { type Poster, poster } from './poster.ts';

/** A post that takes longer is given up: one stuck peer must not hold a whole broadcast. Milliseconds. */
const POST_TIMEOUT_MS = 5_000;
const CONNECT_TIMEOUT_MS = 1_000;

/** The API of one stage, with this many sockets kept open. */
export function managementApi(endpoint: string, sockets: number): Outbound {
  const client = new ApiGatewayManagementApiClient({
    endpoint,
    requestHandler: { requestTimeout: POST_TIMEOUT_MS, connectionTimeout: CONNECT_TIMEOUT_MS },
  });
  const { region, credentials } = client.config;
  const signatory = async () => ({ region: await region(), credentials: await credentials() });
  return outbound(client, poster({ endpoint, signatory, sockets, timeoutMs: POST_TIMEOUT_MS }));
}

/** Posts by the fast way; what neither went well nor is gone is tried again by the SDK, which backs off. */
export function outbound(client: ApiGatewayManagementApiClient, post: Poster): Outbound {
  return {
    async post(connectionId, frame) {
      const status = await post(connectionId, frame).catch(() => undefined);
      if (status === 200) return 'sent';
      if (status === 410) return 'gone';
      const command = new PostToConnectionCommand({ ConnectionId: connectionId, Data: frame });
      return unlessGone(client.send(command));
    },

    async disconnect(connectionId) {
      await unlessGone(client.send(new DeleteConnectionCommand({ ConnectionId: connectionId })));
    },
  };
}

async function unlessGone(request: Promise<unknown>): Promise<'sent' | 'gone'> {
  try {
    await request;
    return 'sent';
  } catch (error) {
    if (error instanceof GoneException) return 'gone';
    throw error;
  }
}
