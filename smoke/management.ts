/** The management API of a stage, `@connections`, asked with the caller's own credentials (MG-1). */

import {
  ApiGatewayManagementApiClient,
  type ApiGatewayManagementApiClientConfig,
  DeleteConnectionCommand,
  GetConnectionCommand,
  PostToConnectionCommand,
} from '@aws-sdk/client-apigatewaymanagementapi';
import * as v from 'valibot';
import { boundedRequests } from './bounded-requests.ts';

export interface ManagementAnswer {
  /** Of HTTP. */
  readonly status: number;
  /** The SDK's name of the error, if there was one. */
  readonly error: string;
}

export interface Management {
  post(connectionId: string, text: string): Promise<ManagementAnswer>;
  get(connectionId: string): Promise<ManagementAnswer & { readonly connectedAt: Date | undefined }>;
  delete(connectionId: string): Promise<ManagementAnswer>;
  /** A post whose signature is made with another secret. */
  postWronglySigned(connectionId: string, text: string): Promise<ManagementAnswer>;
}

export function managementAt(endpoint: string, config: ApiGatewayManagementApiClientConfig = {}): Management {
  const client = new ApiGatewayManagementApiClient({
    ...boundedRequests,
    ...config,
    endpoint,
    maxAttempts: 2,
  });
  const stranger = new ApiGatewayManagementApiClient({
    ...boundedRequests,
    ...config,
    endpoint,
    maxAttempts: 1,
    credentials: async () => ({ ...(await client.config.credentials()), secretAccessKey: 'another' }),
  });
  const post = (connectionId: string, text: string) =>
    new PostToConnectionCommand({ ConnectionId: connectionId, Data: text });
  return {
    post: (connectionId, text) => answerOf(client.send(post(connectionId, text))),
    async get(connectionId) {
      const found = client.send(new GetConnectionCommand({ ConnectionId: connectionId }));
      const answer = await answerOf(found);
      return { ...answer, connectedAt: answer.error === '' ? (await found).ConnectedAt : undefined };
    },
    delete: (connectionId) =>
      answerOf(client.send(new DeleteConnectionCommand({ ConnectionId: connectionId }))),
    postWronglySigned: (connectionId, text) => answerOf(stranger.send(post(connectionId, text))),
  };
}

const metadata = v.object({ $metadata: v.object({ httpStatusCode: v.number() }) });
const failure = v.object({ name: v.string(), ...metadata.entries });

/** @throws the error if no answer came. */
async function answerOf(request: Promise<unknown>): Promise<ManagementAnswer> {
  try {
    return { status: v.parse(metadata, await request).$metadata.httpStatusCode, error: '' };
  } catch (error) {
    const { success, output } = v.safeParse(failure, error);
    if (!success) throw error;
    return { status: output.$metadata.httpStatusCode, error: output.name };
  }
}
